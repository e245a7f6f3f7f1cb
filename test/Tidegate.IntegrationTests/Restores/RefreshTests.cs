using System.Globalization;
using System.Text.Json;
using Tidegate.Cli;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Backups;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Restores;

/// <summary>A staging tenant gets another's data: real PostgreSQL, real backups, the command line.</summary>
public sealed class RefreshTests(BackedUpSite site) : IClassFixture<BackedUpSite>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CopyTerms Of(string source) => new(new(source)) { Refresh = RefreshPace.Never };

    [Fact]
    public async Task It_has_the_masked_data_of_the_newest_backup_and_what_it_had_is_gone()
    {
        await using var plane = await RestoringSite.StartAsync(site, "riga", "riga-test");
        var file = await plane.AttachAsync("riga", "a contract");
        await plane.SellAsync("riga", "a person");
        await plane.SucceedAsync("tenant", "backup", "riga");
        await plane.SellAsync("riga", "after the backup");
        await plane.SellAsync("riga-test", "played with");
        await plane.SayCopiesAsync(("riga-test", Of("riga")));
        var before = await plane.RemainsAsync();

        var live = await plane.RunAsync("tenant", "refresh", "riga-test");
        Assert.Equal(ExitCodes.EndedBadly, live.Exit);
        Assert.Contains("may be somebody's live shop", live.Output, StringComparison.Ordinal);
        Assert.Equal("first,played with in ", await plane.OrdersAsync("riga-test"));
        Assert.Equal(before, await plane.RemainsAsync());

        await plane.SucceedAsync("tenant", "refresh", "riga-test", "--yes", "--reason", "begin");

        Assert.Equal("masked,masked in ", await plane.OrdersAsync("riga-test"));
        Assert.Equal("first,a person,after the backup in ", await plane.OrdersAsync("riga"));
        Assert.Equal(before, await plane.RemainsAsync());
        Assert.Equal("riga riga-test", await DatabasesAsync("riga"));
        Assert.Equal(
            DatabaseNames.Owner("riga-test"),
            await site.ScalarAsync("riga-test", "select tableowner from pg_tables where tablename = 'sale_order'")
        );
        Assert.Equal("refresh", await plane.ControlAsync("select kind from rollout where id like 's-%'"));

        // Its files are its own: whoever changes one changes nothing of the shop.
        var own = file.Replace("/riga/", "/riga-test/", StringComparison.Ordinal);
        Assert.NotEqual(file, own);
        await using (var opened = File.OpenWrite(own))
        {
            await opened.WriteAsync("changed!"u8.ToArray(), Token);
        }

        Assert.Equal("a contract", await File.ReadAllTextAsync(file, Token));

        // From now on it says of itself that it is a copy, and nobody is asked.
        await plane.SellAsync("riga-test", "played with again");
        await plane.SucceedAsync("tenant", "backup", "riga");
        await plane.SucceedAsync("tenant", "refresh", "riga-test");
        Assert.Equal("masked,masked,masked in ", await plane.OrdersAsync("riga-test"));
        Assert.Equal(before, await plane.RemainsAsync());
    }

    [Fact]
    public async Task It_proves_the_restore_of_its_sources_backup_once_it_serves()
    {
        await using var plane = await RestoringSite.StartAsync(site, "lund", "lund-test");
        await plane.SucceedAsync("tenant", "backup", "lund");
        await plane.SayCopiesAsync(("lund-test", Of("lund")));
        Assert.Empty(await plane.ProofsAsync("lund"));

        await plane.SucceedAsync("tenant", "refresh", "lund-test", "--yes");

        var job = await plane.ControlAsync("select id from job where subject = 'lund-test'");
        var proof = Assert.Single(await plane.ProofsAsync("lund"));
        Assert.Equal(($"refresh {job} of lund-test", null), (proof.What, proof.Failure));
        var (begun, ended) = (await InstantAsync(plane, job, "started_at"), await InstantAsync(plane, job, "ended_at"));
        var parts = await plane.ControlAsync(
            $"select sum(value::float8) from job, jsonb_each_text(result -> 'times') where id = '{job}'"
        );
        Assert.InRange(proof.At, begun, ended);
        // All that bringing it took, and not what the job did besides.
        Assert.InRange(
            proof.Took!.Value.TotalSeconds,
            double.Parse(parts, CultureInfo.InvariantCulture),
            (ended - begun).TotalSeconds
        );
        Assert.Empty(await plane.ProofsAsync("lund-test"));

        // One that went back says nothing good, and neither does one of which nothing was compared.
        await plane.ControlAsync($"update rollout set outcome = 'rolled_back' where id = 's-{job[2..]}' returning id");
        Assert.Empty(await plane.ProofsAsync("lund"));
        await plane.ControlAsync($"update rollout set outcome = 'completed' where id = 's-{job[2..]}' returning id");
        Assert.Single(await plane.ProofsAsync("lund"));
        await plane.ControlAsync($"update job set result = result - 'check' where id = '{job}' returning id");
        Assert.Empty(await plane.ProofsAsync("lund"));
    }

    [Fact]
    public async Task It_is_listed_as_a_copy_of_the_other_tenant_and_ends_with_its_next_refresh()
    {
        await using var plane = await RestoringSite.StartAsync(site, "bonn", "bonn-test");
        await plane.SucceedAsync("tenant", "backup", "bonn");
        await plane.SayCopiesAsync(("bonn-test", Of("bonn") with { Refresh = RefreshPace.Daily }));

        await plane.SucceedAsync("tenant", "refresh", "bonn-test", "--yes");

        var copies = await plane.SucceedAsync("copies", "list", "--tenant", "bonn", "--json");
        using var list = JsonDocument.Parse(copies.Output);
        var copy = list
            .RootElement.GetProperty("copies")
            .EnumerateArray()
            .Single(each => each.GetProperty("kind").GetString() is "staging");
        Assert.Equal("staging tenant bonn-test", copy.GetProperty("purpose").GetString());
        Assert.True(copy.GetProperty("isMasked").GetBoolean());
        Assert.True(copy.GetProperty("bytes").GetInt64() > 0);
        Assert.InRange(
            copy.GetProperty("expiresAt").GetDateTimeOffset(),
            TimeProvider.System.GetUtcNow(),
            TimeProvider.System.GetUtcNow().AddDays(1)
        );
        var erasure = await plane.RunAsync("copies", "of", "bonn", "--erasure");
        Assert.Contains("bonn-test", erasure.Output, StringComparison.Ordinal);
        var id = copy.GetProperty("id").GetString()!;
        var dropped = await plane.RunAsync("copies", "drop", id, "--yes");
        Assert.Contains("serves as a tenant", dropped.Error, StringComparison.Ordinal);
        var extended = await plane.RunAsync("copies", "extend", id, "--days", "7", "--reason", "mine");
        Assert.Contains("serves as a tenant", extended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_another_release_it_is_asked_for_and_the_next_rollout_upgrades_it()
    {
        await using var plane = await RestoringSite.StartAsync(site, "gent", "gent-test", "gent-shop");
        await plane.UpgradeAsync("gent", "2026.11.2");
        await plane.SucceedAsync("tenant", "backup", "gent");
        await plane.SayCopiesAsync(("gent-test", Of("gent")));

        var refused = await plane.RunAsync("tenant", "refresh", "gent-test");
        Assert.Equal(ExitCodes.Blocked, refused.Exit);
        Assert.Contains("gent runs 2026.11.2", refused.Error, StringComparison.Ordinal);

        await plane.SucceedAsync("tenant", "refresh", "gent-test", "--yes");
        Assert.Equal("masked in 2026.11.2", await plane.OrdersAsync("gent-test"));
        await plane.UpgradeAsync("gent-test", "2026.11.3");
        Assert.Equal("masked in 2026.11.2,2026.11.3", await plane.OrdersAsync("gent-test"));

        // Who is no copy is never written over, and neither is who is the source of one.
        var own = await plane.RunAsync("tenant", "refresh", "gent-shop", "--yes");
        Assert.Equal(ExitCodes.Blocked, own.Exit);
        Assert.Contains("is no copy of another tenant", own.Error, StringComparison.Ordinal);
        await plane.SayCopiesAsync(("gent-test", Of("gent")), ("gent", Of("gent-shop")));
        var source = await plane.RunAsync("tenant", "refresh", "gent", "--yes");
        Assert.Contains("gent is a copy, and gent-test is one of it", source.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotFound, (await plane.RunAsync("tenant", "refresh", "nobody")).Exit);
        Assert.Equal("first in 2026.11.2", await plane.OrdersAsync("gent"));
    }

    [Fact]
    public async Task Out_of_the_whole_clusters_backup_it_comes_only_once_that_is_proven()
    {
        await using var plane = await RestoringSite.StartAsync(site, "cork", "cork-test");
        var file = await plane.AttachAsync("cork", "a letter");
        await plane.SellAsync("cork", "a person");
        var label = await site.BackUpAsync();
        await plane.SellAsync("cork", "after the backup");
        await plane.SayCopiesAsync(("cork-test", Of("cork")));
        var before = await plane.RemainsAsync();

        await Eventually.IsTrueAsync(
            async () => await plane.ControlAsync($"select count(*) from cluster_backup where label = '{label}'") == "1",
            () => $"backup {label} does not become known"
        );
        var hope = await plane.RunAsync("tenant", "refresh", "cork-test", "--yes");
        Assert.Contains("there is no good backup of cork", hope.Error, StringComparison.Ordinal);

        await plane.SucceedAsync("backup", "verify", label);
        await plane.SucceedAsync("tenant", "refresh", "cork-test", "--yes");

        Assert.Equal("masked,masked in ", await plane.OrdersAsync("cork-test"));
        Assert.Equal("first,a person,after the backup in ", await plane.OrdersAsync("cork"));
        Assert.Equal(
            "a letter",
            await File.ReadAllTextAsync(file.Replace("/cork/", "/cork-test/", StringComparison.Ordinal), Token)
        );
        Assert.Equal(before, await plane.RemainsAsync());
        Assert.StartsWith("refresh ", Assert.Single(await plane.ProofsAsync("cork")).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_its_time_comes_it_is_refreshed_by_itself_and_what_is_in_the_way_is_a_blocker()
    {
        await using var plane = await RestoringSite.StartAsync(site, "graz", "graz-test");
        await site.ExecuteAsync(
            "graz-test",
            $"set role {Sql.Name(DatabaseNames.Owner("graz-test"))}",
            $"create table {MaskedOrders.Mark} ()"
        );
        await plane.SayCopiesAsync(
            (
                "graz-test",
                new(new("graz"))
                {
                    Refresh = RefreshPace.Daily,
                    At = TimeProvider.System.GetUtcNow().ToString("HH:mm", CultureInfo.InvariantCulture),
                }
            )
        );

        await AgainAsync(plane); // who looks anew looks at once
        await Eventually.IsTrueAsync(
            async () =>
                (await plane.RunAsync("blockers")).Output.Contains(
                    "there is no good backup of graz",
                    StringComparison.Ordinal
                ),
            () => "nobody is told that there is no backup"
        );

        await plane.SucceedAsync("tenant", "backup", "graz");
        await AgainAsync(plane);
        await Eventually.IsTrueAsync(
            async () =>
                await plane.ControlAsync(
                    "select r.outcome from rollout r join upgrade u on u.rollout = r.id where u.tenant = 'graz-test'"
                ) == "completed",
            () => "graz-test is not refreshed"
        );
        Assert.Equal("masked in ", await plane.OrdersAsync("graz-test"));
        Assert.Equal("it is due", await plane.ControlAsync("select reason from job where subject = 'graz-test'"));
    }

    [Fact]
    public async Task Cancelled_half_way_it_leaves_nothing_and_after_a_kill_the_next_server_does_it()
    {
        await using var plane = await RestoringSite.StartAsync(site, "wien", "wien-test");
        await plane.SellAsync("wien", "many", orders: 300_000);
        await plane.SucceedAsync("tenant", "backup", "wien");
        await plane.SayCopiesAsync(("wien-test", Of("wien")));
        var before = await plane.RemainsAsync();

        var cancelled = await UntilRestoresAsync(plane);
        await plane.SucceedAsync("job", "cancel", cancelled);
        await plane.EndAsync(cancelled);
        Assert.Equal("cancelled", await plane.ControlAsync($"select outcome from job where id = '{cancelled}'"));
        Assert.Equal(before, await plane.RemainsAsync());
        Assert.Equal("first in ", await plane.OrdersAsync("wien-test"));
        Assert.Equal("0", await plane.ControlAsync("select count(*) from data_copy where tenant = 'wien'"));

        var killed = await UntilRestoresAsync(plane);
        await AgainAsync(plane);
        await plane.EndAsync(killed);
        Assert.Equal("", await plane.ControlAsync($"select failure from job where id = '{killed}'"));
        await Eventually.IsTrueAsync(
            async () =>
                await plane.ControlAsync($"select outcome from rollout where id = 's-{killed[2..]}'") == "completed",
            () => $"the rollout of {killed} does not end"
        );
        Assert.Equal("300001", await site.ScalarAsync("wien-test", "select count(*) from sale_order"));
        Assert.Equal(before, await plane.RemainsAsync());
        Assert.Equal("wien wien-test", await DatabasesAsync("wien"));
    }

    private static async Task<DateTimeOffset> InstantAsync(RestoringSite plane, string job, string column) =>
        DateTimeOffset.Parse(
            await plane.ControlAsync($"select to_json({column}) #>> '{{}}' from job where id = '{job}'"),
            CultureInfo.InvariantCulture
        );

    private static async Task AgainAsync(RestoringSite plane)
    {
        await plane.KillAsync();
        await plane.ServeAsync();
    }

    /// <summary>A refresh that restores the backup; its job.</summary>
    private static async Task<string> UntilRestoresAsync(RestoringSite plane)
    {
        var ordered = await plane.SucceedAsync("tenant", "refresh", "wien-test", "--yes", "--no-wait");
        var job = ordered.Output.Trim();
        await Eventually.IsTrueAsync(
            async () =>
                await plane.ControlAsync($"select progress ->> 'stage' from job where id = '{job}'")
                    is "restoring the database"
                        or "comparing what was restored",
            () => $"job {job} does not come to restoring"
        );
        return job;
    }

    private Task<string> DatabasesAsync(string tenant) =>
        site.ScalarAsync(
            "postgres",
            $"select string_agg(datname, ' ' order by datname) from pg_database where starts_with(datname, '{tenant}')"
        );
}
