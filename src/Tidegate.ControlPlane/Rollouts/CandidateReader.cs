using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Reads what a plan is made of, once: the fleet, what is observed of each tenant, and what the release changes in it.</summary>
public sealed class CandidateReader(FleetStore fleet, ITenantObserver observer, IReleaseContents contents)
{
    /// <summary>Databases looked at at once.</summary>
    private const int AtOnce = 8;

    /// <param name="supersede">Whether the plan takes the place of a rollout that runs: what is queued there is free then.</param>
    public async Task<IReadOnlyCollection<TenantCandidate>> ReadAsync(
        EnvironmentName environment,
        ReleaseRef release,
        bool supersede,
        CancellationToken cancellationToken
    )
    {
        var members = await fleet.ListAsync(environment, cancellationToken);
        var candidates = new TenantCandidate[members.Count];
        await Parallel.ForAsync(
            0,
            members.Count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (index, token) => candidates[index] = await ReadAsync(members[index], release, supersede, token)
        );
        return candidates;
    }

    private async Task<TenantCandidate> ReadAsync(
        FleetMember member,
        ReleaseRef release,
        bool supersede,
        CancellationToken cancellationToken
    )
    {
        RolloutId? busyWith =
            member.BusyWith is { } rollout && !(supersede && member.IsQueued) ? new RolloutId(rollout) : null;
        var candidate = new TenantCandidate(member.Tenant, member.Pool, member.Release, null, [], busyWith, null);
        if (busyWith is not null && member.IsQueued)
        {
            return candidate with
            {
                Problem =
                    $"{member.Tenant.Name} waits for its turn in rollout {busyWith}; wait for that to end, or supersede it.",
            };
        }

        if (busyWith is not null || member.Release.Digest == release.Digest)
        {
            return candidate;
        }

        if (!contents.Has(member.Release.Digest))
        {
            return candidate with
            {
                Problem =
                    $"release {member.Release.Name}, which {member.Tenant.Name} runs, is not in the bundle store; build it again.",
            };
        }

        return await observer.ObserveAsync(member.Tenant, cancellationToken) switch
        {
            TenantObservation.Seen seen => Judge(candidate, release, seen),
            TenantObservation.Unreadable unreadable => candidate with { Problem = unreadable.Reason },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private TenantCandidate Judge(TenantCandidate candidate, ReleaseRef release, TenantObservation.Seen seen)
    {
        var missing = contents.MissingModules(release.Digest, seen);
        return candidate with
        {
            Facts = new TenantFacts(seen.DatabaseBytes, [.. seen.Installed.Keys]),
            Modules = contents.ModulesToUpdate(candidate.From.Digest, release.Digest, seen),
            Problem =
                !seen.Obstacles.IsEmpty ? string.Join(' ', seen.Obstacles)
                : missing.IsEmpty ? null
                : $"{candidate.Tenant.Name} has {string.Join(", ", missing.Take(5))} installed, and {release.Name} does not bring it; add it to the release or uninstall it.",
        };
    }
}
