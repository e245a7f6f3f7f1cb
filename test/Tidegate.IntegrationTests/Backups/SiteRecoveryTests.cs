using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Tidegate.ControlPlane.Backups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Runtimes;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Backups;

/// <summary>A whole site that lost its cluster, and what of it comes back.</summary>
public sealed class SiteRecoveryTests(BackedUpSite site) : IClassFixture<BackedUpSite>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SiteLayout Layout => site.Home.Layout;

    [Fact]
    public async Task Of_a_killed_cluster_only_what_was_acknowledged_since_the_last_segment_is_lost()
    {
        await site.ExecuteAsync("postgres", "create database shop");
        await site.ExecuteAsync("shop", "create table sale (id int primary key)");
        await site.BackUpAsync();
        var recovery = new SiteRecovery(Layout, TimeProvider.System);
        Assert.NotNull(await recovery.RunAsync(new RecoveryTarget.Latest(), null, replace: true, Token)); // it runs

        var acknowledged = new ConcurrentQueue<int>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writer = SellAsync(acknowledged, end.Token);
        await Eventually.IsTrueAsync(() => acknowledged.Count >= 200, () => $"{acknowledged.Count} of 200 orders");

        var safe = acknowledged.Count;
        await site.Archive.RunAsync(Token);
        var last = acknowledged.Count + 50;
        await Eventually.IsTrueAsync(() => acknowledged.Count >= last, () => $"{acknowledged.Count} of {last} orders");

        await KillAsync();
        await end.CancelAsync();
        await writer;
        Directory.Delete(Layout.PostgresData, recursive: true);

        Assert.Null(await recovery.RunAsync(new RecoveryTarget.Latest(), null, replace: false, Token));
        await site.Home.Site.StartPostgresAsync(site.Home.Options, Token);

        var back = int.Parse(await site.ScalarAsync("shop", "select count(*) from sale"), CultureInfo.InvariantCulture);
        Assert.InRange(back, safe, acknowledged.Count + 1); // one may have been committed and not yet acknowledged
        Assert.Equal(
            back.ToString(CultureInfo.InvariantCulture),
            await site.ScalarAsync("shop", "select max(id) from sale")
        );
        TestContext.Current.SendDiagnosticMessage(
            "acknowledged {0}, back {1}, in archived segments at least {2}",
            acknowledged.Count,
            back,
            safe
        );

        // It goes on: a new timeline is archived, and reached from the old backup.
        Assert.Equal("f", await site.ScalarAsync("postgres", "select pg_is_in_recovery()::text::char(1)"));
        await site.ExecuteAsync("shop", "insert into sale values (1000000)");
        var end2 = await site.Archive.RunAsync(Token);
        Assert.Equal(2u, end2.Timeline);
        var state = await site.Watch.LookAsync(site.Name, Token);
        Assert.Null(state.Gap);
        Assert.Null(state.Problem);
        var job = BackedUpSite.NewJob();
        var side = await site.Side.RestoreAsync(
            new(job, null, new RecoveryTarget.Latest(), ["shop"]),
            BackedUpSite.Silent,
            Token
        );
        Assert.Equal("1000000", await BackedUpSite.ScalarAsync(side.Postgres, "shop", "select max(id) from sale"));
        await site.Side.RemoveAsync(job, Token);
    }

    private async Task SellAsync(ConcurrentQueue<int> acknowledged, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                Layout.Cluster.ConnectionString("shop", SitePostgres.Superuser, "till")
            );
            await connection.OpenAsync(cancellationToken);
            for (var number = 1; ; number++)
            {
                await using var command = new NpgsqlCommand($"insert into sale values ({number})", connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
                acknowledged.Enqueue(number);
            }
        }
        catch (Exception gone) when (gone is NpgsqlException or OperationCanceledException)
        {
            // the cluster was killed
        }
    }

    private async Task KillAsync()
    {
        var postmaster = site.Home.PidOf(SiteProcesses.Postgres)!.Value;
        var children = PostgresTools.ChildrenOf(postmaster);
        LauncherHome.Kill(postmaster);
        foreach (var child in children)
        {
            PostgresTools.Kill(child);
        }

        await LauncherHome.UntilAsync(() => site.Home.PidOf(SiteProcesses.Postgres) is null);
    }
}
