using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>What a release changes in tenants. Those with the same modules on the same release are answered together: a fleet has few kinds.</summary>
internal sealed class ChangeReader(IReleaseContents contents, ReleaseRef release)
{
    private readonly Dictionary<(ReleaseDigest From, string Modules), Change> _known = [];

    /// <param name="modules">Names what is installed: the same for tenants that have the same.</param>
    public TenantCandidate Judge(TenantCandidate candidate, string modules, TenantObservation.Seen seen)
    {
        var key = (candidate.From.Digest, modules);
        if (!_known.TryGetValue(key, out var change))
        {
            change = new(
                [.. seen.Installed.Keys],
                contents.ModulesToUpdate(candidate.From.Digest, release.Digest, seen),
                contents.MissingModules(release.Digest, seen)
            );
            _known.Add(key, change);
        }

        return candidate with
        {
            Facts = new TenantFacts(seen.DatabaseBytes, change.Installed),
            Modules = change.Update,
            Problem =
                !seen.Obstacles.IsEmpty ? string.Join(' ', seen.Obstacles)
                : change.Missing.IsEmpty ? null
                : $"{candidate.Tenant.Name} has {string.Join(", ", change.Missing.Take(5))} installed, and {release.Name} does not bring it; add it to the release or uninstall it.",
        };
    }

    private sealed record Change(
        ImmutableArray<string> Installed,
        ImmutableArray<string> Update,
        ImmutableArray<string> Missing
    );
}
