using System.Text.Json;
using Npgsql;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.Contracts.Copies;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.Refreshes;
using Tidegate.Contracts.Restores;
using Tidegate.Contracts.TenantBackups;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Cutover;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Refreshes;

/// <summary>A staging tenant on real Odoo gets a real shop's data out of its backup: people can work with it, and it shows and reaches nobody.</summary>
[Trait("Length", "long")]
[Collection(nameof(StagedSite))]
public sealed class RefreshTests(StagedSite site)
{
    private const string Canary = "CanaryQ7";
    private const string Live = WholeSite.Database;
    private const string Test = StagedSite.Test;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_serves_the_shops_masked_data_takes_a_release_and_is_refreshed_again_though_the_server_is_killed()
    {
        await SayCopyAsync();
        await PlantAsync();
        await site.DoneAsync(
            await site.OrderAsync($"/api/tenants/{Live}/backups", new TakeBackup(null, Evidence: false, null))
        );
        var (live, before) = (await IdentityAsync(Live), await IdentityAsync(Test));

        // Nothing says that it is a copy: only a person may have it dropped.
        var refused = await FailureAsync(await RefreshAsync(isConfirmed: false));
        Assert.Contains("may be somebody's live shop", refused, StringComparison.Ordinal);
        Assert.Equal(before, await IdentityAsync(Test));

        await RefreshedAsync(await RefreshAsync(isConfirmed: true));

        await AssertHarmlessAsync(live, before);
        Assert.Equal(live, await IdentityAsync(Live));
        Assert.NotEqual("0", await CountAsync(Live, "res_partner", "name"));
        await AssertListedAsync();

        // It is a tenant like any other: the next release comes to it by a rollout.
        var release = await site.NextReleaseAsync();
        var rollout = await site.EndAsync(await site.StartAsync(release, StagedSite.Staging));
        Assert.True(rollout.Outcome is "completed", $"{rollout.Outcome}: {rollout.Reason}");
        var ahead = await Assert.ThrowsAsync<ProblemException>(() => RefreshAsync(isConfirmed: false));
        Assert.Contains($"{Live} runs", ahead.Problem.What, StringComparison.Ordinal);

        var upgraded = await IdentityAsync(Test);
        var job = await RefreshAsync(isConfirmed: true);
        await Eventually.IsTrueAsync(
            async () =>
                await site.ScalarAsync(
                    DatabaseNames.ControlDatabase,
                    "select progress ->> 'stage' from job where id = $1",
                    job
                )
                    is "neutralising and masking",
            "it is masked"
        );
        await site.KillAsync(SiteProcesses.ControlPlane);
        await site.UpAgainAsync();
        await RefreshedAsync(job);

        await AssertHarmlessAsync(live, upgraded);
        Assert.Equal(await ReleaseAsync(Live), await ReleaseAsync(Test));
    }

    /// <summary>It is known by no name of the shop's, reaches nobody, shows nobody, works for its own user, and nothing else is left.</summary>
    private async Task AssertHarmlessAsync(string live, string before)
    {
        var identity = await IdentityAsync(Test);
        Assert.NotEqual(live, identity);
        Assert.NotEqual(before, identity);
        Assert.Equal("0", await CountAsync(Test, "res_partner", "name"));
        Assert.Equal("0", await CountAsync(Test, "mail_message", "subject"));
        Assert.Equal("0", await CountAsync(Test, "sale_order", "client_order_ref"));
        Assert.Equal(
            await site.ScalarAsync(Live, "select count(*) from sale_order"),
            await site.ScalarAsync(Test, "select count(*) from sale_order")
        );
        Assert.Equal("0", await site.ScalarAsync(Test, "select count(*) from mail_mail where state = 'outgoing'"));
        Assert.Equal(
            "journey",
            await site.ScalarAsync(Test, "select string_agg(login, ',') from res_users where password is not null")
        );
        Assert.Contains(
            StagedSite.TestHost,
            await site.ScalarAsync(Test, "select value from ir_config_parameter where key = 'web.base.url'"),
            StringComparison.Ordinal
        );
        using (var visitor = new ShopVisitor(site.GatewayPort, StagedSite.TestHost))
        {
            Assert.True(await visitor.LogInAsync(Test, "journey", site.JourneyPassword) > 0);
        }

        using (var visitor = new ShopVisitor(site.GatewayPort, WholeSite.Host))
        {
            Assert.True(await visitor.LogInAsync(Live, "shop", site.ShopPassword) > 0);
        }

        Assert.Equal(
            Test,
            await site.ScalarAsync(
                "postgres",
                $"select string_agg(datname, ' ') from pg_database where starts_with(datname, '{Test}')"
            )
        );
        foreach (var folder in new[] { site.Layout.Restored, site.Layout.WorkFolder, site.Layout.Checkpoints })
        {
            Assert.Empty(Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder) : []);
        }

        // A second name of the shop's file would be the shop's file: whoever runs Odoo there could change it.
        var linked = await Tool.RunAsync(
            "/usr/bin/find",
            [site.Layout.Filestore(new("trial"), Test), "-type", "f", "-links", "+1"],
            Token
        );
        Assert.Equal((0, ""), (linked.ExitCode, linked.Output.Trim()));
    }

    private async Task AssertListedAsync()
    {
        using var client = site.Client();
        var held = await client.GetAsync<HeldDataList>($"/api/copies/of/{Live}", Token);
        var copy = Assert.Single(held.Copies.Copies, copy => copy.Kind is "staging");
        Assert.True(copy.IsMasked);
        Assert.Equal(Test, copy.Place);
        Assert.True(copy.Bytes > 1 << 20);
    }

    /// <summary>A person, with an order and a mail that waits to be sent.</summary>
    private async Task PlantAsync()
    {
        await ExecuteAsync(
            $"""
            insert into res_partner (name, email, active, type, company_id, autopost_bills) values ('{Canary}', '{Canary}@example.com', true, 'contact', 1, 'ask');
            with message as (insert into mail_message (message_type, subject) values ('email', '{Canary}') returning id)
            insert into mail_mail (mail_message_id, state, email_to, body_html) select id, 'exception', '{Canary}@example.com', 'Hello' from message;
            """
        );
        using var visitor = new ShopVisitor(site.GatewayPort, WholeSite.Host);
        await visitor.LogInAsync(Live, "shop", site.ShopPassword);
        await visitor.OrderAsync(await visitor.PrepareOrderAsync($"{Canary} wants two"));
    }

    private Task<string> RefreshAsync(bool isConfirmed) =>
        site.OrderAsync($"/api/tenants/{Test}/refresh", new RefreshTenant(isConfirmed));

    private async Task RefreshedAsync(string job)
    {
        var state = (await site.DoneAsync(job)).Deserialize<RestoredStateView>(ApiJson.Options)!;
        TestContext.Current.TestOutputHelper?.WriteLine(state.What);
        var rollout = await site.EndAsync(state.Rollout!);
        Assert.True(rollout.Outcome is "completed", $"{rollout.Outcome}: {rollout.Reason}");
    }

    private async Task<string> FailureAsync(string job)
    {
        JobView? view = null;
        await Eventually.IsTrueAsync(
            async () =>
            {
                using var client = site.Client();
                view = await client.GetAsync<JobView>($"/api/jobs/{job}", Token);
                return view.State is "ended";
            },
            $"job {job} ends"
        );
        return view!.Failure ?? "";
    }

    private async Task<string> IdentityAsync(string database) =>
        (
            await site.ScalarAsync(
                database,
                "select string_agg(value, ' ' order by key) from ir_config_parameter where key in ('database.uuid', 'database.secret')"
            )
        )!;

    private Task<string?> ReleaseAsync(string tenant) =>
        site.ScalarAsync(DatabaseNames.ControlDatabase, "select release from tenant where name = $1", tenant);

    private Task<string?> CountAsync(string database, string table, string column) =>
        site.ScalarAsync(database, $"select count(*) from {table} where {column} like '%{Canary}%'");

    private async Task SayCopyAsync()
    {
        await using var control = NpgsqlDataSource.Create(
            site.Layout.Cluster.ConnectionString(DatabaseNames.ControlDatabase, DatabaseNames.ControlRole)
        );
        await new StagingStore(control).ReplaceAsync(
            [
                new(
                    new(Test),
                    "Europe/Oslo",
                    new(new(Live)) { Refresh = RefreshPace.Never },
                    TimeProvider.System.GetUtcNow()
                ),
            ],
            Token
        );
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var session = await site.OpenAsync(Live);
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync(Token);
    }
}
