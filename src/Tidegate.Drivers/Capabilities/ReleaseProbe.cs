using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Capabilities;

/// <summary>Runs a release of the site's store in the site's sandbox.</summary>
public sealed class ReleaseProbe(SiteLayout layout, ProcessLauncher launcher, GenerationHttp http, TimeProvider clock)
    : IReleaseProbe
{
    public async Task<ProbeOutcome> RunAsync(ReleaseDigest digest, CancellationToken cancellationToken)
    {
        if (new BundleStore(layout.Bundles).Find(digest) is not { } bundle)
        {
            return new ProbeOutcome.Failed($"bundle {digest} is not in {layout.Bundles}; build it again.");
        }

        using var sandbox = await Sandbox.TryTakeAsync(layout, launcher, cancellationToken);
        if (sandbox is null)
        {
            return new ProbeOutcome.Busy();
        }

        try
        {
            return new ProbeOutcome.Made(await RunAsync(sandbox, bundle, cancellationToken));
        }
        catch (ProcessStartException stopped)
        {
            return new ProbeOutcome.Failed(stopped.Message);
        }
        catch (IOException machine)
        {
            return new ProbeOutcome.Failed(machine.Message); // the disk
        }
        finally
        {
            await sandbox.ClearAsync(CancellationToken.None); // also when we are told to stop: nothing is to be left
        }
    }

    private async Task<CapabilityRecord> RunAsync(
        Sandbox sandbox,
        BundleManifest bundle,
        CancellationToken cancellationToken
    )
    {
        var tree = ReleaseTree.Find(layout, bundle.Digest);
        var bridge = BridgeFiles.Install(layout);
        var binaries =
            SiteOptions.Read(layout)?.PostgresBinaries
            ?? PostgresBinaries.Find()
            ?? throw new ProcessStartException(
                $"no PostgreSQL 15 or later was found; name its folder in {PostgresBinaries.Variable}."
            );
        var odoo = new SandboxOdoo(sandbox, tree, bridge, clock);
        odoo.Prepare();
        var version = await odoo.VersionAsync(cancellationToken);
        var postgres = await new SandboxPostgres(sandbox, clock).StartAsync(binaries, cancellationToken);
        var facts = await odoo.AskAsync(cancellationToken);
        var server = await new SandboxRoutes(sandbox, odoo, http.Client, clock).AskAsync(cancellationToken);
        return new(
            CapabilityRecord.CurrentSchema,
            bundle.Digest,
            version,
            postgres,
            Path.GetFileName(bridge),
            server,
            facts with
            {
                Addons = facts.Addons is { } seen
                    ? SeenAddons.Compare(seen, bundle, new BundleStore(layout.Bundles).TreeOf(bundle.Digest))
                    : null,
            }
        );
    }
}
