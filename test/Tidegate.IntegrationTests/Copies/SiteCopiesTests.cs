using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Databases;

namespace Tidegate.IntegrationTests.Copies;

public sealed class SiteCopiesTests(SiteCluster cluster) : IClassFixture<SiteCluster>, IDisposable
{
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-copies-").FullName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SiteCopies Copies => new(_layout, cluster.Site, TimeProvider.System);

    [Fact]
    public async Task A_dropped_copy_is_gone_with_its_files_and_dropping_it_again_is_no_error()
    {
        var shop = await cluster.NewShopAsync();
        var (name, folder) = ($"{shop.Database}__0badcafe", _layout.Work(new("j-1")));
        await using (
            var session = await cluster.Site.OpenAsync(SitePostgres.Maintenance, DatabaseNames.SiteRole, Token)
        )
        {
            await session.ExecuteAsync($"CREATE DATABASE {Sql.Name(name)}", Token);
        }

        Directory.CreateDirectory(folder);
        var seen = await Copies.SeeAsync(Token);

        Assert.Null(await Copies.DropAsync(Copy(shop.Target.Tenant, name, folder), epoch: 2, Token));
        Assert.Null(await Copies.DropAsync(Copy(shop.Target.Tenant, name, folder), epoch: 2, Token));

        Assert.Contains(seen.Databases, database => database.Name == name && database.Bytes > 0);
        Assert.Contains(new SeenFolder(folder, "j-1"), seen.Folders);
        Assert.DoesNotContain((await Copies.SeeAsync(Token)).Databases, database => database.Name == name);
        Assert.False(Directory.Exists(folder));
        Assert.Null(await shop.RefusalAsync("postgres", shop.Database));
    }

    [Fact]
    public async Task Rows_that_were_written_out_are_seen_also_half_written_ones_and_other_evidence_is_not()
    {
        var (lost, other) = (_layout.EvidenceOf(new("w-1"), new("t1")), _layout.EvidenceOf(new("r-1"), new("t1")));
        Directory.CreateDirectory(lost);
        Directory.CreateDirectory(other);
        await File.WriteAllTextAsync(Path.Combine(lost, "lost-orders.csv"), "id\n1\n", Token);
        await File.WriteAllTextAsync(Path.Combine(lost, "lost-orders.json"), "[]", Token);
        await File.WriteAllTextAsync(Path.Combine(lost, ".lost-invoices.csv.4711.new"), "id\n", Token); // cut off by a kill
        await File.WriteAllTextAsync(Path.Combine(lost, "loss.json"), "{}", Token);
        await File.WriteAllTextAsync(Path.Combine(other, "journeys.json"), "{}", Token);

        Assert.Equal([new SeenExport(lost, "w-1", "t1", 10)], (await Copies.SeeAsync(Token)).Exports);
    }

    [Fact]
    public async Task Rows_that_were_written_out_go_and_the_evidence_beside_them_stays()
    {
        var shop = await cluster.NewShopAsync();
        var folder = _layout.EvidenceOf(new("w-2"), shop.Target.Tenant);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "lost-orders.csv"), "id\n1\n", Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "loss.json"), "{}", Token);

        Assert.Null(await Copies.DropAsync(Copy(shop.Target.Tenant, null, folder, CopyKind.Export), epoch: 2, Token));

        Assert.Equal(["loss.json"], Directory.EnumerateFiles(folder).Select(Path.GetFileName));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_folder_outside_the_sites_home_is_left_alone()
    {
        var shop = await cluster.NewShopAsync();
        var outside = Directory.CreateTempSubdirectory("tg-outside-");

        var refusal = await Copies.DropAsync(Copy(shop.Target.Tenant, null, outside.FullName), epoch: 2, Token);
        var up = await Copies.DropAsync(
            Copy(shop.Target.Tenant, null, $"{_layout.Home}/../{outside.Name}"),
            epoch: 2,
            Token
        );

        Assert.Contains("not below the site's home", refusal, StringComparison.Ordinal);
        Assert.Contains("not below the site's home", up, StringComparison.Ordinal);
        Assert.True(outside.Exists);
        outside.Delete();
    }

    public void Dispose() => Directory.Delete(_layout.Home, recursive: true);

    private static DataCopy Copy(
        TenantName tenant,
        string? database,
        string? folder,
        CopyKind kind = CopyKind.Rehearsal
    ) =>
        new(
            new("c-1"),
            new(
                kind,
                tenant,
                new("local"),
                "test",
                "test",
                null,
                database,
                folder,
                1,
                false,
                TimeProvider.System.GetUtcNow()
            ),
            TimeProvider.System.GetUtcNow(),
            IsInUse: false
        );
}
