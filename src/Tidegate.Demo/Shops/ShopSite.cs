using Tidegate.Cli.Client;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Demo.Story;
using Tidegate.Drivers.Sites;

namespace Tidegate.Demo.Shops;

/// <summary>A whole site with shops on the story's first release, for tests and benches: it takes further releases of the same addons, and leaves nothing behind.</summary>
internal sealed class ShopSite : IAsyncDisposable
{
    private readonly Repository _repository = Repository.Find();
    private readonly DemoSite _site;
    private readonly ControlPlaneClient _controlPlane;
    private readonly TimeProvider _clock;
    private int _releases;

    private ShopSite(DemoSite site, ShopPasswords passwords, TimeProvider clock)
    {
        _site = site;
        _controlPlane = new(site.ServerAddress);
        _clock = clock;
        Passwords = passwords;
    }

    public SiteLayout Layout => _site.Layout;

    public int GatewayPort => _site.GatewayPort;

    public ShopPasswords Passwords { get; }

    public ControlPlaneClient ControlPlane => _controlPlane;

    /// <param name="home">An empty folder; it goes with the site.</param>
    /// <param name="shops">Tenants of one pool.</param>
    /// <exception cref="StoryException">The site refuses; the message says why and what to do.</exception>
    public static Task<ShopSite> UpAsync(
        string home,
        IReadOnlyList<TenantDocument> shops,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => UpAsync(home, joined: null, shops, clock, cancellationToken);

    /// <inheritdoc cref="UpAsync(string, IReadOnlyList{TenantDocument}, TimeProvider, CancellationToken)" />
    /// <param name="joined">Null for a fleet's first site.</param>
    public static async Task<ShopSite> UpAsync(
        string home,
        JoinedSite? joined,
        IReadOnlyList<TenantDocument> shops,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var passwords = await ShopPasswords.MakeAsync(Repository.Find().Root, cancellationToken);
        var site = new ShopSite(await DemoSite.UpAsync(home, joined, clock, cancellationToken), passwords, clock);
        try
        {
            await site.FurnishAsync(
                joined is null
                    ? StoryFleet.Cutover.Pools.First(pool => pool.Name == shops[0].Pool)
                    : StoryFleet.Cutover.Pools[0] with
                    {
                        Name = shops[0].Pool,
                        Site = joined.Name,
                    },
                shops,
                cancellationToken
            );
            return site;
        }
        catch
        {
            await site.DisposeAsync(); // half of it runs
            throw;
        }
    }

    /// <summary>Registers a release whose module is one version newer than the last one's and migrates by <paramref name="migration"/>, Python that may use <c>cr</c>.</summary>
    public async Task<ReleaseRef> NextReleaseAsync(string migration, CancellationToken cancellationToken)
    {
        var next = new NextRelease(++_releases);
        var addons = Path.Combine(Layout.Home, "addons", next.Name);
        await next.WriteAsync(
            Path.Combine(_repository.SampleAddons, StoryFleet.FirstRelease),
            addons,
            migration,
            cancellationToken
        );
        return new(next.Name, await AddAsync(next.Name, addons, cancellationToken));
    }

    /// <summary>One shop more, in a pool of its own, on the story's first release.</summary>
    public async Task JoinAsync(PoolDocument pool, TenantDocument shop, CancellationToken cancellationToken)
    {
        await FurnishAsync(
            shop,
            new ShopFleet(_site, Passwords),
            await TemplateFiles.FindAsync(_repository.Root, cancellationToken),
            cancellationToken
        );
        await _controlPlane.ServeAsync(new([pool], [shop]), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _controlPlane.Dispose();
        await _site.DownAsync();
        Directory.Delete(Layout.Home, recursive: true);
    }

    private async Task FurnishAsync(
        PoolDocument pool,
        IReadOnlyList<TenantDocument> shops,
        CancellationToken cancellationToken
    )
    {
        var template = await TemplateFiles.FindAsync(_repository.Root, cancellationToken);
        var fleet = new ShopFleet(_site, Passwords);
        await fleet.RestoreTemplateAsync(template, cancellationToken);
        foreach (var shop in shops)
        {
            await FurnishAsync(shop, fleet, template, cancellationToken);
        }

        var first = Path.Combine(_repository.SampleAddons, StoryFleet.FirstRelease);
        await AddAsync(StoryFleet.FirstRelease, first, cancellationToken);
        await _controlPlane.ServeAsync(new([pool], shops), cancellationToken);
    }

    private async Task FurnishAsync(
        TenantDocument shop,
        ShopFleet fleet,
        TemplateFiles template,
        CancellationToken cancellationToken
    )
    {
        await File.WriteAllTextAsync(
            Path.Combine(Layout.Secrets, shop.JourneySecret),
            Passwords.Journey.Password,
            cancellationToken
        );
        await fleet.FurnishAsync(shop, template, cancellationToken);
    }

    private async Task<ReleaseDigest> AddAsync(string name, string addons, CancellationToken cancellationToken)
    {
        var core = await ReleaseShelf.FindCoreAsync(_repository, cancellationToken);
        var share = await ReleaseShelf.FindShareAsync(_repository, cancellationToken);
        var shelf = new ReleaseShelf(new BundleStore(Layout.Bundles, share), _controlPlane, core, _clock);
        return await shelf.AddAsync(name, addons, cancellationToken);
    }
}
