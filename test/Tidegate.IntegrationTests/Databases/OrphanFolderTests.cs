using System.Globalization;
using Npgsql;
using Tidegate.Drivers.Databases;

namespace Tidegate.IntegrationTests.Databases;

/// <summary>PostgreSQL killed while it copies a database.</summary>
public sealed class OrphanFolderTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Base => Path.Combine(cluster.Postgres.DataDirectory, "base");

    [Fact]
    public async Task A_copy_that_a_crash_of_PostgreSQL_cut_leaves_no_folder_after_the_sweep_and_is_made_anew()
    {
        var shop = await cluster.NewShopAsync(rows: 200_000);
        await shop.FenceAsync();
        var before = Folders();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Task.WhenAll(shop.CopyAsync(), KillInsideAsync(before)));
        await cluster.Postgres.StartAsync();

        var left = Assert.Single(Folders().Except(before, StringComparer.Ordinal));
        var swept = Assert.IsType<SweepResult.Swept>(
            await OrphanFolders.SweepAsync(cluster.Site, cluster.Postgres.DataDirectory, Token)
        );
        Assert.Equal(Path.GetFileName(left), Assert.Single(swept.Oids).ToString(CultureInfo.InvariantCulture));
        Assert.Equal(before, Folders());
        await Shop.DoneAsync(() => shop.CopyAsync());
        Assert.Equal(
            "200000",
            await cluster.Postgres.ScalarAsync(shop.Copy, "select count(*) from sale_order", shop.MigratorRole)
        );
    }

    [Fact]
    public async Task Sweeping_while_a_database_is_copied_takes_nothing_from_the_copy()
    {
        var shop = await cluster.NewShopAsync(rows: 100_000);
        await shop.FenceAsync();
        using var copied = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var sweeping = SweepAsync(copied.Token);

        await Shop.DoneAsync(() => shop.CopyAsync());
        await copied.CancelAsync();

        var sweeps = await sweeping;
        Assert.Contains(sweeps, sweep => sweep is SweepResult.Busy);
        Assert.All(sweeps.OfType<SweepResult.Swept>(), sweep => Assert.Empty(sweep.Oids));
        Assert.Equal(
            "100000",
            await cluster.Postgres.ScalarAsync(shop.Copy, "select count(*) from sale_order", shop.MigratorRole)
        );
    }

    private async Task<List<SweepResult>> SweepAsync(CancellationToken until)
    {
        List<SweepResult> results = [];
        while (!until.IsCancellationRequested)
        {
            results.Add(await OrphanFolders.SweepAsync(cluster.Site, cluster.Postgres.DataDirectory, Token));
        }

        return results;
    }

    private List<string> Folders() => [.. Directory.EnumerateDirectories(Base).Order(StringComparer.Ordinal)];

    private async Task KillInsideAsync(List<string> before)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        while (
            Folders().Except(before, StringComparer.Ordinal).SelectMany(folder => Directory.GetFiles(folder)).Count()
            < 20
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, bound.Token);
        }

        await cluster.Postgres.KillAsync();
    }
}
