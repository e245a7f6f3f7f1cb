using Tidegate.Cli.Client;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Demo.Screens;
using Tidegate.Demo.Shops;

namespace Tidegate.Demo.Story;

/// <summary>What a story begins with, on a site that is up: releases, shops that are open, and the repository that says so.</summary>
internal sealed class Opening(
    DemoSite site,
    Repository repository,
    ControlPlaneClient controlPlane,
    IScreen screen,
    TimeProvider clock
)
{
    /// <summary>Makes the releases, and the shops, on the first of them and open.</summary>
    public async Task<OpenFleet> OpenAsync(
        StoryFleet fleet,
        IReadOnlyList<Chapter> chapters,
        CancellationToken cancellationToken
    )
    {
        var core = await ReleaseShelf.FindCoreAsync(repository, cancellationToken);
        var shared = await ReleaseShelf.FindShareAsync(repository, cancellationToken);
        var store = new BundleStore(site.Layout.Bundles, shared);
        var shelf = new ReleaseShelf(store, controlPlane, core, clock);
        // Both take long where the cache is empty, and keep one core busy each.
        var adding = AddFirstReleaseAsync(shelf, cancellationToken);
        await Task.WhenAll(adding, FindTemplateAsync(bundle: null, cancellationToken));
        var first = await adding;

        var passwords = await ShopPasswords.MakeAsync(repository.Root, cancellationToken);
        await WriteSecretAsync(passwords, cancellationToken);
        var opening = OpenAsync(fleet, passwords, first, store.TreeOf(first), cancellationToken);
        var further = AddReleasesAsync(shelf, chapters, cancellationToken);
        await Task.WhenAll(opening, further);
        return new(passwords, await opening, await further);
    }

    private async Task<FollowedFleet> OpenAsync(
        StoryFleet fleet,
        ShopPasswords passwords,
        ReleaseDigest first,
        string bundle,
        CancellationToken cancellationToken
    )
    {
        await FurnishAsync(fleet, passwords, bundle, cancellationToken);
        return await FollowAsync(fleet, first, cancellationToken);
    }

    private async Task<ReleaseDigest> AddFirstReleaseAsync(ReleaseShelf shelf, CancellationToken cancellationToken)
    {
        await using (screen.Begin($"release {StoryFleet.FirstRelease}"))
        {
            var addons = Path.Combine(repository.SampleAddons, StoryFleet.FirstRelease);
            return await shelf.AddAsync(StoryFleet.FirstRelease, addons, cancellationToken);
        }
    }

    private Task<TemplateFiles> FindTemplateAsync(string? bundle, CancellationToken cancellationToken) =>
        TemplateFiles.FindAsync(repository.Root, cancellationToken, bundle, line => screen.Say($"  {line}"));

    private async Task FurnishAsync(
        StoryFleet fleet,
        ShopPasswords passwords,
        string bundle,
        CancellationToken cancellationToken
    )
    {
        TemplateFiles template;
        var shops = new ShopFleet(site, passwords);
        await using (screen.Begin("template of a shop"))
        {
            template = await FindTemplateAsync(bundle, cancellationToken);
            await shops.RestoreTemplateAsync(template, cancellationToken);
        }

        await using (screen.Begin($"{fleet.Tenants.Count} shops"))
        {
            foreach (var tenant in fleet.Tenants)
            {
                await shops.FurnishAsync(tenant, template, cancellationToken);
            }
        }
    }

    private async Task<FollowedFleet> FollowAsync(
        StoryFleet fleet,
        ReleaseDigest first,
        CancellationToken cancellationToken
    )
    {
        var files = new FleetRepository(Path.Combine(site.Layout.Home, "fleet"));
        var followed = new FollowedFleet(files, new(site.ServerAddress, files.Folder), controlPlane, clock);
        await using (
            screen.Begin($"{StoryFleet.FirstRelease} in {fleet.Pools.Count} pools, as the fleet's repository says")
        )
        {
            await followed.BeginAsync(fleet, first, cancellationToken);
        }

        return followed;
    }

    /// <returns>Digest by name.</returns>
    private async Task<IReadOnlyDictionary<string, ReleaseDigest>> AddReleasesAsync(
        ReleaseShelf shelf,
        IReadOnlyList<Chapter> chapters,
        CancellationToken cancellationToken
    )
    {
        var digests = new Dictionary<string, ReleaseDigest>(StringComparer.Ordinal);
        await using (screen.Begin($"{chapters.Count} further releases"))
        {
            foreach (var chapter in chapters)
            {
                digests[chapter.Release] = await shelf.AddAsync(chapter.Release, chapter.Addons, cancellationToken);
            }
        }

        return digests;
    }

    private async Task WriteSecretAsync(ShopPasswords passwords, CancellationToken cancellationToken)
    {
        var file = Path.Combine(site.Layout.Secrets, StoryFleet.JourneySecret);
        await using var stream = new FileStream(
            file,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        await using var writer = new StreamWriter(stream);
        await writer.WriteAsync(passwords.Journey.Password.AsMemory(), cancellationToken);
    }
}

/// <summary>Shops that are open, on the first release.</summary>
/// <param name="Releases">The digest of each further release, by name.</param>
internal sealed record OpenFleet(
    ShopPasswords Passwords,
    FollowedFleet Followed,
    IReadOnlyDictionary<string, ReleaseDigest> Releases
);
