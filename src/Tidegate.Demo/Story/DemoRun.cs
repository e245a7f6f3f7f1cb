using System.Globalization;
using Tidegate.Cli.Client;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Demo.Recording;
using Tidegate.Demo.Screens;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Traffic;

namespace Tidegate.Demo.Story;

/// <summary>The whole demo on a site that is up: shops, traffic, releases, rollouts.</summary>
internal sealed class DemoRun(DemoSite site, Repository repository, IScreen screen, TimeProvider clock) : IDisposable
{
    private readonly ControlPlaneClient _controlPlane = new(site.ServerAddress);

    private static readonly TimeSpan CalmBound = TimeSpan.FromMinutes(1);

    /// <summary>Makes the releases, and the shops, on the first of them and open.</summary>
    public async Task<ShopPasswords> OpenShopsAsync(
        IReadOnlyList<Chapter> chapters,
        CancellationToken cancellationToken
    )
    {
        var core = await ReleaseShelf.FindCoreAsync(repository, cancellationToken);
        var shared = await ReleaseShelf.FindShareAsync(repository, cancellationToken);
        var store = new BundleStore(site.Layout.Bundles, shared);
        var shelf = new ReleaseShelf(store, _controlPlane, core, clock);
        // Both take long where the cache is empty, and keep one core busy each.
        var adding = AddFirstReleaseAsync(shelf, cancellationToken);
        await Task.WhenAll(adding, FindTemplateAsync(bundle: null, cancellationToken));
        var bundle = store.TreeOf(await adding);

        var passwords = await ShopPasswords.MakeAsync(repository.Root, cancellationToken);
        await WriteSecretAsync(passwords, cancellationToken);
        await Task.WhenAll(
            OpenShopsAsync(passwords, bundle, cancellationToken),
            AddReleasesAsync(shelf, chapters, cancellationToken)
        );
        return passwords;
    }

    /// <summary>Sends the customers in and rolls the releases out, one after another.</summary>
    public async Task<StoryTeller> TellAsync(
        IReadOnlyList<Chapter> chapters,
        ShopPasswords passwords,
        string evidence,
        CancellationToken cancellationToken
    )
    {
        var run = string.Create(CultureInfo.InvariantCulture, $"demo-{clock.GetUtcNow():HHmmss}");
        await using var driver = await EnterAsync(run, passwords, cancellationToken);
        var book = new PostgresOrderBook(tenant =>
            site.Connection(StoryFleet.Tenants.Single(known => known.Name == tenant).Database)
        );
        var recorder = new Recorder(driver, book, run, clock);
        await using (screen.Begin("shops keep up with their customers"))
        {
            if (!await recorder.CalmAsync(CalmBound, cancellationToken))
            {
                screen.Say("this machine is too busy for its shops; expect slow answers and time-outs");
            }
        }

        var rollouts = new StoryRollout(_controlPlane, recorder, clock);
        var teller = new StoryTeller(screen, site, rollouts, recorder, evidence, clock);
        foreach (var chapter in chapters)
        {
            await teller.TellAsync(chapter, cancellationToken);
        }

        await driver.StopAsync(cancellationToken);
        return teller;
    }

    public void Dispose()
    {
        _controlPlane.Dispose();
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

    private async Task OpenShopsAsync(ShopPasswords passwords, string bundle, CancellationToken cancellationToken)
    {
        TemplateFiles template;
        var fleet = new ShopFleet(site, passwords);
        await using (screen.Begin("template of a shop"))
        {
            template = await FindTemplateAsync(bundle, cancellationToken);
            await fleet.RestoreTemplateAsync(template, cancellationToken);
        }

        await using (screen.Begin($"{StoryFleet.Tenants.Count} shops"))
        {
            foreach (var tenant in StoryFleet.Tenants)
            {
                await fleet.FurnishAsync(tenant, template, cancellationToken);
            }
        }

        await using (screen.Begin($"{StoryFleet.FirstRelease} in {StoryFleet.Pools.Count} pools"))
        {
            await _controlPlane.ServeAsync(new(StoryFleet.Pools, StoryFleet.Tenants), cancellationToken);
        }
    }

    private async Task AddReleasesAsync(
        ReleaseShelf shelf,
        IReadOnlyList<Chapter> chapters,
        CancellationToken cancellationToken
    )
    {
        await using (screen.Begin($"{chapters.Count} further releases"))
        {
            foreach (var chapter in chapters)
            {
                await shelf.AddAsync(chapter.Release, chapter.Addons, cancellationToken);
            }
        }
    }

    private async Task<TrafficDriver> EnterAsync(
        string run,
        ShopPasswords passwords,
        CancellationToken cancellationToken
    )
    {
        await using (screen.Begin("customers enter the shops"))
        {
            return await TrafficDriver.StartAsync(
                StoryFleet.Shops(passwords.Shop.Password),
                new() { GatewayPort = site.GatewayPort, Run = run },
                clock,
                cancellationToken
            );
        }
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
