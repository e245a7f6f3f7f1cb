using System.Globalization;
using Npgsql;
using Tidegate.Cli;
using Tidegate.ControlPlane.Backups;
using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Backups;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Restores;

/// <summary>One tenant of several goes to a moment of its past, or a copy of that is kept: real PostgreSQL, real backups, the command line.</summary>
public sealed class PointInTimeTests(BackedUpSite site) : IClassFixture<BackedUpSite>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Length", "long")]
    public async Task Both_sides_of_the_last_two_cutovers_come_out_of_one_older_backup_while_a_neighbour_writes()
    {
        await using var plane = await RestoringSite.StartAsync(site, "lund", "malmo");
        var file = await plane.AttachAsync("lund", "a contract");
        await site.BackUpAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var neighbour = WriteAsync("malmo", stop.Token);
        await plane.SellAsync("lund", "before");
        var before = await site.MomentAsync();
        await plane.UpgradeAsync("lund", "2026.11.2");
        await plane.SellAsync("lund", "between");
        var between = await site.MomentAsync();
        await plane.UpgradeAsync("lund", "2026.11.3");
        await plane.SellAsync("lund", "after");
        var after = await site.MomentAsync();
        await plane.SellAsync("lund", "lost", orders: 3);
        await site.ExecuteAsync("lund", "delete from ir_attachment");
        File.Delete(file); // as Odoo does once a day
        var roles = await site.ScalarAsync("postgres", "select count(*) from pg_roles");

        foreach (var (at, name) in new[] { (before, "seen-1"), (between, "seen-2"), (after, "seen-3") })
        {
            await plane.RestoreAsync("lund", Text(at), "--into", name, "--as-is");
        }

        Assert.Equal("first,before in ", await plane.OrdersAsync("seen-1"));
        Assert.Equal("first,before,between in 2026.11.2", await plane.OrdersAsync("seen-2"));
        Assert.Equal("first,before,between,after in 2026.11.2,2026.11.3", await plane.OrdersAsync("seen-3"));
        Assert.Equal(
            "first,before,between,after,lost,lost,lost in 2026.11.2,2026.11.3",
            await plane.OrdersAsync("lund")
        );

        var went = await plane.RestoreAsync("lund", Text(between), "--yes");
        await stop.CancelAsync();

        Assert.Equal("first,before,between in 2026.11.2", await plane.OrdersAsync("lund"));
        Assert.Equal("2026.11.2", went.Release);
        Assert.Equal("completed", await plane.ControlAsync($"select outcome from rollout where id = '{went.Rollout}'"));
        Assert.Equal("a contract", await File.ReadAllTextAsync(file, Token));
        var written = await neighbour;
        Assert.True(written > 0);
        Assert.Equal(
            written.ToString(CultureInfo.InvariantCulture),
            await site.ScalarAsync("malmo", "select count(*) from sale_order where note = 'through'")
        );
        var copies = await plane.SucceedAsync("copies", "list", "--tenant", "lund", "--json");
        Assert.Contains("seen-2", copies.Output, StringComparison.Ordinal);

        // The database that was replaced is kept: the tenant goes there again.
        await plane.RestoreAsync("lund", "checkpoint", "--yes");
        Assert.Equal(
            "first,before,between,after,lost,lost,lost in 2026.11.2,2026.11.3",
            await plane.OrdersAsync("lund")
        );
        await plane.DropCopiesAsync("lund");

        Assert.Equal($"[] [] [] [] {roles} roles", await plane.RemainsAsync());
    }

    [Fact]
    public async Task A_place_of_the_log_and_backups_are_returned_to_and_the_price_is_what_is_lost()
    {
        await using var plane = await RestoringSite.StartAsync(site, "kiel");
        var label = await site.BackUpAsync();
        await plane.SellAsync("kiel", "kept", orders: 2);
        var place = await site.ScalarAsync("postgres", "select pg_current_wal_insert_lsn()");
        await plane.SellAsync("kiel", "lost", orders: 3);

        var price = await plane.SucceedAsync("tenant", "restore", "kiel", "--to", place, "--price-only");
        var refused = await plane.RunAsync("tenant", "restore", "kiel", "--to", place);
        var went = await plane.RestoreAsync("kiel", place, "--accept-loss", "5");

        // Before, only a moment that is not later than the place is known: at most 5. At the fence it is counted: 3.
        Assert.Contains("5 orders written", price.Output, StringComparison.Ordinal);
        Assert.Contains($"its state at {place} of the log", price.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Blocked, refused.Exit);
        Assert.Equal("first,kept,kept in ", await plane.OrdersAsync("kiel"));
        Assert.Contains(
            "3 orders written",
            await plane.ControlAsync(
                $"select reason from ledger where rollout = '{went.Rollout}' and step = 'measure-loss' and kind = 'outcome'"
            ),
            StringComparison.Ordinal
        );

        await plane.RestoreAsync("kiel", $"backup:{label}", "--into", "kiel-then", "--as-is");
        Assert.Equal("first in ", await plane.OrdersAsync("kiel-then"));

        await plane.SucceedAsync("tenant", "backup", "kiel");
        var backup = await plane.ControlAsync("select id from tenant_backup where tenant = 'kiel'");
        await plane.SellAsync("kiel", "lost again");
        await plane.RestoreAsync("kiel", $"backup:{backup}", "--yes");
        Assert.Equal("first,kept,kept in ", await plane.OrdersAsync("kiel"));
        await plane.DropCopiesAsync("kiel");
    }

    [Fact]
    public async Task A_point_that_cannot_be_reached_is_refused_and_nothing_is_changed()
    {
        await using var plane = await RestoringSite.StartAsync(site, "bath");
        await site.BackUpAsync();
        var early = await site.MomentAsync();
        // When a database was made is known to the second.
        await Eventually.IsTrueAsync(
            () => TimeProvider.System.GetUtcNow() > early.AddSeconds(1),
            () => "the clock stands"
        );
        await plane.AddAsync("york");
        var before = await StateAsync(plane);
        var now = TimeProvider.System.GetUtcNow();

        await RefusedAsync(plane, "bath", Text(now.AddMinutes(5)), "committed after");
        await RefusedAsync(plane, "bath", Text(now.AddYears(-1)), "before the oldest backup");
        await RefusedAsync(plane, "bath", "FF/0", "lies beyond");
        await RefusedAsync(plane, "bath", "backup:20010101-000000F", "no backup 20010101-000000F");
        await RefusedAsync(plane, "bath", "backup:tb-1", "no backup tb-1");
        await RefusedAsync(plane, "york", Text(early), "was not there then");
        await RefusedAsync(plane, "bath", Text(early), "there is a database york", "--into", "york");
        await RefusedAsync(plane, "bath", Text(early), "is not allowed", "--into", "york; drop database bath");

        Assert.Equal(before, await StateAsync(plane));
    }

    [Fact]
    public async Task A_gap_in_the_archive_is_named_before_anything_is_done_and_what_does_not_need_it_is_reached()
    {
        await using var plane = await RestoringSite.StartAsync(site, "gent");
        var label = await site.BackUpAsync();
        await plane.SellAsync("gent", "in the gap");
        var lost = await site.ScalarAsync("postgres", "select pg_walfile_name(pg_current_wal_lsn())");
        await site.Archive.RunAsync(Token);
        await plane.SellAsync("gent", "behind it");
        var place = await site.ScalarAsync("postgres", "select pg_current_wal_insert_lsn()");
        var moment = await site.MomentAsync();
        await plane.SellAsync("gent", "newest");
        await site.Archive.RunAsync(Token);
        var file = site.ArchivedFile(WalSegment.Parse(lost));
        var away = Path.Join(site.Home.Layout.Home, Path.GetFileName(file));
        File.Move(file, away);
        var before = await StateAsync(plane);

        await RefusedAsync(plane, "gent", Text(moment), $"the archive lacks {lost}");
        await RefusedAsync(plane, "gent", place, $"the archive lacks {lost}");
        await RefusedAsync(plane, "gent", place, $"the archive lacks {lost}", "--into", "gent-then", "--as-is");
        await RefusedAsync(plane, "gent", place, $"the archive lacks {lost}", "--price-only");

        Assert.Equal(before, await StateAsync(plane));
        await plane.RestoreAsync("gent", $"backup:{label}", "--into", "gent-then", "--as-is");
        Assert.Equal("first in ", await plane.OrdersAsync("gent-then"));
        await plane.DropCopiesAsync("gent");
        File.Move(away, file);
        await plane.RestoreAsync("gent", place, "--into", "gent-then", "--as-is");
        Assert.Equal("first,in the gap,behind it in ", await plane.OrdersAsync("gent-then"));
        await plane.DropCopiesAsync("gent");
    }

    [Fact]
    public async Task Cancelled_half_way_it_leaves_nothing_and_after_a_kill_the_next_server_does_it()
    {
        await using var plane = await RestoringSite.StartAsync(site, "faro");
        await plane.SellAsync("faro", "many", orders: 300_000);
        await site.BackUpAsync();
        var at = Text(await site.MomentAsync());
        var before = await plane.RemainsAsync();

        var cancelled = await UntilAsync(plane, at, "checking", "fetching", "replaying", "carrying");
        await plane.SucceedAsync("job", "cancel", cancelled);
        await plane.EndAsync(cancelled);
        Assert.Equal("cancelled", await plane.ControlAsync($"select outcome from job where id = '{cancelled}'"));
        Assert.Equal(before, await plane.RemainsAsync());

        cancelled = await UntilAsync(plane, at, "carrying");
        await plane.SucceedAsync("job", "cancel", cancelled);
        await plane.EndAsync(cancelled);
        Assert.Equal("cancelled", await plane.ControlAsync($"select outcome from job where id = '{cancelled}'"));
        Assert.Equal(before, await plane.RemainsAsync());
        Assert.Equal(
            "0",
            await plane.ControlAsync("select count(*) from data_copy where tenant = 'faro' and gone_at is null")
        );

        var killed = await UntilAsync(plane, at, "carrying");
        await plane.KillAsync();
        await plane.ServeAsync();
        await plane.EndAsync(killed);
        Assert.Equal("done", await plane.ControlAsync($"select outcome from job where id = '{killed}'"));
        Assert.Equal("300001", await site.ScalarAsync("faro-then", "select count(*) from sale_order"));
        var copy = await plane.ControlAsync("select id from data_copy where tenant = 'faro' and gone_at is null");
        await plane.SucceedAsync("copies", "drop", copy, "--yes");
        Assert.Equal(before, await plane.RemainsAsync());
    }

    /// <summary>A restore that is at one of these stages; its job.</summary>
    private static async Task<string> UntilAsync(RestoringSite plane, string to, params string[] stages)
    {
        var ordered = await plane.SucceedAsync(
            "tenant",
            "restore",
            "faro",
            "--to",
            to,
            "--into",
            "faro-then",
            "--as-is",
            "--no-wait"
        );
        var job = ordered.Output.Trim();
        await Eventually.IsTrueAsync(
            async () =>
            {
                var stage = await plane.ControlAsync($"select progress ->> 'stage' from job where id = '{job}'");
                return stages.Any(wanted => stage.StartsWith(wanted, StringComparison.Ordinal));
            },
            () => $"job {job} does not come to {stages[^1]}"
        );
        return job;
    }

    private static async Task RefusedAsync(
        RestoringSite plane,
        string tenant,
        string to,
        string why,
        params string[] more
    )
    {
        var answer = await plane.RunAsync(["tenant", "restore", tenant, "--to", to, "--yes", .. more]);
        Assert.True(answer.Exit is ExitCodes.Blocked or ExitCodes.Usage, answer.Transcript);
        Assert.Contains(why, answer.Error, StringComparison.Ordinal);
    }

    private async Task<string> StateAsync(RestoringSite plane) =>
        await site.ScalarAsync("postgres", "select string_agg(oid || datname, ' ' order by oid) from pg_database")
        + await plane.RemainsAsync()
        + await plane.ControlAsync("select count(*) from job");

    private static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Orders one by one until told to stop; any error is thrown. How many were acknowledged.</summary>
    private async Task<int> WriteAsync(string tenant, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(
            site.Home.Layout.Cluster.ConnectionString(tenant, SitePostgres.Superuser, "neighbour")
        );
        await connection.OpenAsync(Token);
        var count = 0;
        while (!stop.IsCancellationRequested)
        {
            await using var command = new NpgsqlCommand("insert into sale_order (note) values ('through')", connection);
            await command.ExecuteNonQueryAsync(Token);
            count++;
        }

        return count;
    }
}
