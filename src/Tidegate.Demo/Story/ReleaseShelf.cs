using Tidegate.Cli.Client;
using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Demo.Shops;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Demo.Story;

/// <summary>Makes releases of Odoo's core and folders of addons, and makes them known to the control plane.</summary>
internal sealed class ReleaseShelf(BundleStore store, ControlPlaneClient controlPlane, string core, TimeProvider clock)
{
    /// <summary>The tree of Odoo that every release of the story has as its core.</summary>
    public static async Task<string> FindCoreAsync(Repository repository, CancellationToken cancellationToken) =>
        (await Tool.RunAsync(Path.Combine(repository.Root, "eng", "where"), ["odoo"], cancellationToken)).Trim();

    /// <summary>Where file contents of releases are kept from one demo to the next; the first one copies Odoo there.</summary>
    public static async Task<string> FindShareAsync(Repository repository, CancellationToken cancellationToken)
    {
        var cache = await Tool.RunAsync(Path.Combine(repository.Root, "eng", "where"), ["cache"], cancellationToken);
        return Path.Combine(cache.Trim(), "releases");
    }

    /// <exception cref="StoryException">No release can be made of the folder; the message says why.</exception>
    public async Task<ReleaseDigest> AddAsync(string name, string addons, CancellationToken cancellationToken)
    {
        var built = await Task.Run(
            () =>
                new BundleBuilder(store, clock, new SystemPython()).Build(
                    new BuildRequest(name, core, [addons], ReleaseNotes.None),
                    _ => { },
                    cancellationToken
                ),
            cancellationToken
        );
        if (built is not BuildResult.Built { Release: var release })
        {
            var reasons = ((BuildResult.Refused)built).Reasons.Select(reason => reason.Sentence);
            throw new StoryException($"{addons} makes no release {name}: {string.Join(' ', reasons)}");
        }

        await controlPlane.PostAsync(
            "/api/releases",
            new RegisterRelease(name, release.Digest.Value),
            cancellationToken
        );
        return release.Digest;
    }
}
