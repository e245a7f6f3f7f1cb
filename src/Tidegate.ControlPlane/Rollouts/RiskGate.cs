using System.Collections.Immutable;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>
/// Which tenants of a rollout may begin now, by how much of the environment may be at risk at once. Pure. Each in the
/// plan's order that still fits begins; who does not fit waits until others have baked.
/// </summary>
/// <param name="rollout">Names it to people.</param>
public sealed class RiskGate(RolloutId rollout, EnvironmentRisk risk, DateTimeOffset now)
{
    public const string AtRisk = "at-risk";
    public const string SiteBusy = "site-busy";

    /// <summary>After which time is looked again: what ends in another rollout wakes nobody here.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private const string Concurrency = "limits.concurrency";

    /// <param name="candidates">Who would begin, in order; of a site no more begin than were wanted.</param>
    public RolloutDecision Start(RolloutDecision.Start wanted, IReadOnlyList<RiskCandidate> candidates)
    {
        var (atRisk, busy) = (risk.AtRisk, risk.Busy.ToDictionary());
        var left = wanted.Sites.ToDictionary(site => site.Site, site => site.Tenants);
        var begin = new List<RiskCandidate>();
        var kept = new List<(RiskCandidate Candidate, RiskMeasure? Measure)>();
        foreach (var candidate in candidates)
        {
            if (left.GetValueOrDefault(candidate.Site) == 0)
            {
                continue;
            }

            var measure = risk.Limits.AtRisk.ExceededBy(atRisk + candidate.Weight, risk.Whole);
            if (measure is not null || busy.GetValueOrDefault(candidate.Site) >= risk.Limits.Concurrency)
            {
                kept.Add((candidate, measure));
                continue;
            }

            begin.Add(candidate);
            left[candidate.Site]--;
            busy[candidate.Site] = busy.GetValueOrDefault(candidate.Site) + 1;
            atRisk += candidate.Weight;
        }

        if (kept.Count == 0)
        {
            return wanted;
        }

        var wake = wanted.Wake is { } sooner && sooner < now + Pause ? sooner : now + Pause;
        return begin.Count > 0
            ? wanted with
            {
                Sites =
                [
                    .. begin
                        .GroupBy(candidate => candidate.Site)
                        .Select(site => new StartOnSite(site.Key, site.Count())),
                ],
                Chosen = Chosen(wanted, begin),
                Wake = wake,
            }
            : new RolloutDecision.Wait { Wake = wake, Blockers = [Blocker(wanted.Wave, kept)] };
    }

    /// <summary>The key of the limit that this start would go past; null where it would go past none.</summary>
    public string? Exceeded(RiskCandidate candidate) =>
        risk.Limits.AtRisk.ExceededBy(risk.AtRisk + candidate.Weight, risk.Whole) is { } measure
            ? RiskWords.Key(measure)
        : risk.Busy.GetValueOrDefault(candidate.Site) >= risk.Limits.Concurrency ? Concurrency
        : null;

    private static ImmutableArray<ChosenStart> Chosen(RolloutDecision.Start wanted, List<RiskCandidate> begin)
    {
        if (wanted.Chosen is not { } chosen)
        {
            return [.. begin.Select(candidate => new ChosenStart(candidate.Id, Decision: null, Openings: []))];
        }

        var ids = begin.Select(candidate => candidate.Id).ToHashSet();
        return [.. chosen.Where(each => ids.Contains(each.Id))];
    }

    private Blocker Blocker(int wave, List<(RiskCandidate Candidate, RiskMeasure? Measure)> kept)
    {
        var (first, exceeded) = kept[0];
        var waits =
            kept.Count == 1
                ? $"{first.Tenant} waits"
                : FormattableString.Invariant($"{first.Tenant} and {kept.Count - 1} more of wave {wave} wait");
        var key = exceeded is { } limit ? RiskWords.Key(limit) : Concurrency;
        var why = exceeded is { } measure
            ? FormattableString.Invariant(
                $"{RiskWords.Of(measure, risk.AtRisk, risk.Whole)} in {risk.Environment} are at risk, it has {first.Weight.Of(measure)}, and at most {risk.Limits.AtRisk.Of(measure)} % may be at once."
            )
            : FormattableString.Invariant(
                $"{risk.Busy.GetValueOrDefault(first.Site)} tenants of {risk.Environment} are worked on at {first.Site}, and at most {risk.Limits.Concurrency} may be at once."
            );
        // Alone it is too much: nobody who ends makes room for it.
        var isNever = risk.Limits.AtRisk.ExceededBy(first.Weight, risk.Whole) is not null;
        return new(
            $"rollout/{rollout}",
            exceeded is null ? SiteBusy : AtRisk,
            $"{waits}: {why}",
            now,
            null,
            isNever ? Clearing.Author : Clearing.Nobody,
            isNever
                ? $"raise {key} in git, or tidegate rollout abort {rollout}"
                : $"wait until those have baked: tidegate rollout show {rollout}",
            risk.Origin,
            risk.Places.GetValueOrDefault(key)
        );
    }
}
