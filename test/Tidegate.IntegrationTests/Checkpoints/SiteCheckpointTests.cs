using Tidegate.Drivers.Checkpoints;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Databases;

namespace Tidegate.IntegrationTests.Checkpoints;

public sealed class SiteCheckpointTests(SiteCluster cluster) : IClassFixture<SiteCluster>, IDisposable
{
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-checkpoints-").FullName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SiteCheckpoints Checkpoints =>
        new(_layout, cluster.Site, new CheckpointDatabases(cluster.Site, TimeProvider.System));

    [Fact]
    public async Task A_dropped_checkpoint_is_gone_with_its_files_and_the_tenant_stays()
    {
        var shop = await cluster.NewShopAsync();
        await shop.ForwardAsync();
        var files = Path.Combine(_layout.Checkpoint(shop.Upgrade), "filestore", "ab");
        Directory.CreateDirectory(files);
        await File.WriteAllTextAsync(Path.Combine(files, "abcd"), "a picture", Token);
        var kept = Assert.Single(await Checkpoints.ListAsync(Token), kept => kept.Upgrade == shop.Upgrade);
        Assert.Equal((shop.Checkpoint, shop.Database), (kept.Database, kept.Live));
        Assert.InRange(kept.Bytes, 1 << 20, 1 << 30);

        Assert.Null(await Checkpoints.DropAsync(kept, epoch: 2, Token));
        Assert.Null(await Checkpoints.DropAsync(kept, epoch: 2, Token));

        Assert.DoesNotContain(await Checkpoints.ListAsync(Token), kept => kept.Upgrade == shop.Upgrade);
        Assert.False(Directory.Exists(_layout.Checkpoint(shop.Upgrade)));
        Assert.Equal("3D000", await shop.RefusalAsync("postgres", shop.Checkpoint));
        Assert.Null(await shop.RefusalAsync("postgres", shop.Database));
    }

    [Fact]
    public async Task An_old_control_plane_drops_neither_database_nor_files()
    {
        var shop = await cluster.NewShopAsync();
        await shop.ForwardAsync(epoch: 7);
        Directory.CreateDirectory(_layout.Checkpoint(shop.Upgrade));
        var kept = Assert.Single(await Checkpoints.ListAsync(Token), kept => kept.Upgrade == shop.Upgrade);

        await Assert.ThrowsAsync<StaleEpochException>(() => Checkpoints.DropAsync(kept, epoch: 6, Token));

        Assert.True(Directory.Exists(_layout.Checkpoint(shop.Upgrade)));
        Assert.Contains(await Checkpoints.ListAsync(Token), kept => kept.Upgrade == shop.Upgrade);
    }

    public void Dispose() => Directory.Delete(_layout.Home, recursive: true);
}
