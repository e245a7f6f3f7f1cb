using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Measurements;
using Tidegate.ControlPlane.Observations;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Reads what a plan is made of, once: the fleet, its sites, what was observed of each tenant, and what the release changes in it.</summary>
public sealed class CandidateReader(
    FleetStore fleet,
    SiteStore sites,
    MeasurementStore measurements,
    FreshObservations observations,
    IReleaseContents contents,
    IHoldForecasts forecasts,
    ServedSites served
)
{
    /// <param name="supersede">Whether the plan takes the place of a rollout that runs: what is queued there is free then.</param>
    public async Task<IReadOnlyCollection<TenantCandidate>> ReadAsync(
        EnvironmentName environment,
        ReleaseRef release,
        bool supersede,
        CancellationToken cancellationToken
    )
    {
        var members = await fleet.ListAsync(environment, cancellationToken);
        var places = new ReleasePlaces(await sites.ListAsync(cancellationToken), contents, served);
        var measured = await measurements.ListAsync(cancellationToken);
        var candidates = members
            .Select(member => (member, Candidate(member, release, places, supersede) with { Site = Of(member) }))
            .ToList();
        var open = candidates.Where(read => IsOpen(read.Item2, release)).Select(read => read.member).ToList();
        var seen = await observations.ReadAsync(environment, open, cancellationToken);
        var changes = new ChangeReader(contents, release);
        return await ForecastAsync(
            [
                .. candidates.Select(read =>
                    IsOpen(read.Item2, release)
                        ? Judge(read.member, read.Item2, seen.GetValueOrDefault(read.member.Tenant.Name), changes)
                        : read.Item2
                ),
            ],
            release,
            seen,
            cancellationToken
        );

        SiteMeasurements Of(FleetMember member) =>
            measured.GetValueOrDefault(member.Pool.Site.Value)?.Measurements ?? SiteMeasurements.None;
    }

    /// <summary>Adds what is known of how long each will take; a tenant of which nothing is known is left as it is.</summary>
    private async Task<IReadOnlyCollection<TenantCandidate>> ForecastAsync(
        IReadOnlyCollection<TenantCandidate> read,
        ReleaseRef release,
        IReadOnlyDictionary<TenantName, StoredObservation> seen,
        CancellationToken cancellationToken
    )
    {
        var questions = read.Where(candidate => candidate is { Problem: null, Facts: not null })
            .Select(candidate =>
                seen.GetValueOrDefault(candidate.Tenant.Name)?.Observation is TenantObservation.Seen observed
                    ? new ForecastQuestion(candidate.Tenant.Name, candidate.From.Digest, observed.Installed)
                    : (ForecastQuestion?)null
            )
            .OfType<ForecastQuestion>()
            .ToList();
        var known = await forecasts.ReadAsync(release, questions, cancellationToken);
        return
        [
            .. read.Select(candidate =>
                known.TryGetValue(candidate.Tenant.Name, out var forecast)
                    ? candidate with
                    {
                        Forecast = forecast,
                    }
                    : candidate
            ),
        ];
    }

    /// <summary>Whether it depends on its database what becomes of it.</summary>
    private static bool IsOpen(TenantCandidate candidate, ReleaseRef release) =>
        candidate is { Problem: null, BusyWith: null } && candidate.From.Digest != release.Digest;

    /// <summary>What can be said without its database.</summary>
    private static TenantCandidate Candidate(
        FleetMember member,
        ReleaseRef release,
        ReleasePlaces places,
        bool supersede
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

        return IsOpen(candidate, release) ? candidate with { Problem = places.Refusal(member, release) } : candidate;
    }

    private TenantCandidate Judge(
        FleetMember member,
        TenantCandidate candidate,
        StoredObservation? stored,
        ChangeReader changes
    )
    {
        if (observations.Refusal(member, stored) is { } refusal)
        {
            return candidate with { Problem = refusal };
        }

        return stored!.Observation switch
        {
            TenantObservation.Seen seen => changes.Judge(candidate, stored.Modules!, seen),
            TenantObservation.Unreadable unreadable => candidate with { Problem = unreadable.Reason },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
