using System.Collections.Immutable;
using NodaTime;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>
/// Which tenants of a rollout may begin now, by the calendars. Pure. Who is on the way back is never asked about: nothing
/// here can stop that.
/// </summary>
/// <param name="rollout">Names it to people.</param>
/// <param name="set">The calendars in force.</param>
public sealed class CalendarGate(RolloutId rollout, RolloutCalendar asked, CalendarSet set, DateTimeOffset now)
{
    private readonly CalendarGroups _groups = new(set.Rules, asked.Past?.Rules);
    private readonly Instant _at = Instant.FromDateTimeOffset(now);
    private readonly Dictionary<CalendarGroup, Instant?> _turnsBack = [];

    /// <summary>The openings in which tenants may be counted that would begin now.</summary>
    public IReadOnlyCollection<string> Openings(IEnumerable<StartCandidate> candidates) =>
        [
            .. candidates
                .Select(candidate => _groups.Of(candidate.Target))
                .Distinct()
                .SelectMany(group => group.Openings(_at))
                .Select(opening => opening.Key)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>As many as were wanted, of those that may begin and fit; or a wait until the first of them may.</summary>
    /// <param name="pending">Of the wave, in the plan's order.</param>
    /// <param name="started">How many have started in each opening.</param>
    public RolloutDecision Start(
        RolloutDecision.Start wanted,
        IReadOnlyList<StartCandidate> pending,
        IReadOnlyDictionary<string, int> started
    )
    {
        var used = started.ToDictionary(StringComparer.Ordinal);
        var chosen = ImmutableArray.CreateBuilder<ChosenStart>();
        var sites = ImmutableArray.CreateBuilder<StartOnSite>();
        var closed = new List<ClosedStart>();
        var changes = new List<DateTimeOffset?>();
        foreach (var site in wanted.Sites)
        {
            var before = chosen.Count;
            foreach (var candidate in pending.Where(candidate => candidate.Target.Site == site.Site))
            {
                if (chosen.Count - before == site.Tenants)
                {
                    break;
                }

                if (Ask(candidate, used) is { Closed: { } reasons } answer)
                {
                    closed.Add(new(candidate, answer.Decision, reasons, Until(candidate, reasons)));
                }
                else
                {
                    chosen.Add(Choose(candidate, used));
                    changes.Add(TurnsBack(candidate)?.ToDateTimeOffset());
                }
            }

            if (chosen.Count > before)
            {
                sites.Add(new(site.Site, chosen.Count - before));
            }
        }

        var blockers = Blockers(wanted.Wave, closed);
        var wake = changes.Concat(closed.Select(each => each.Until)).Where(until => until is not null).Min();
        return chosen.Count > 0
            ? new RolloutDecision.Start(wanted.Wave, sites.DrainToImmutable())
            {
                Chosen = chosen.DrainToImmutable(),
                Wake = wake,
            }
            : new RolloutDecision.Wait
            {
                Wake = wake,
                Blockers = blockers,
                Decision = closed.FirstOrDefault()?.Decision,
            };
    }

    /// <summary>Who is under way and has to go back, because a rule stands against it that lets nobody finish.</summary>
    /// <returns>With when such a rule comes to stand against one of the others, or null.</returns>
    public (ImmutableArray<TurnedBack> Back, DateTimeOffset? Wake) UnderWay(IReadOnlyList<StartCandidate> underWay)
    {
        var back = ImmutableArray.CreateBuilder<TurnedBack>();
        Instant? wake = null;
        foreach (var candidate in underWay)
        {
            var group = _groups.Of(candidate.Target);
            var strict = group.Rules.Where(rule => !rule.LetsFinish).ToImmutableArray();
            if (strict.IsEmpty)
            {
                continue;
            }

            var question = Question(candidate) with { IsUnderWay = true };
            var decision = group.Decide(question);
            // What cannot be read lets nobody start; it turns nobody back.
            var stands = decision.Reasons.FirstOrDefault(reason =>
                reason.Code is not CalendarReason.Unreadable
                && strict.Any(rule => string.Equals(rule.Name, reason.Rule, StringComparison.Ordinal))
            );
            if (stands is { } reason)
            {
                back.Add(
                    new(
                        candidate.Id,
                        $"{reason.What.TrimEnd('.')} and lets nobody finish ({reason.Origin})",
                        RecordedDecision.Of(set, question, decision)
                    )
                );
            }
            else if (TurnsBack(candidate) is { } next && (wake is null || next < wake))
            {
                wake = next;
            }
        }

        return (back.DrainToImmutable(), wake?.ToDateTimeOffset());
    }

    /// <summary>Null reasons where it may begin.</summary>
    private (ImmutableArray<CalendarReason>? Closed, RecordedDecision Decision) Ask(
        StartCandidate candidate,
        Dictionary<string, int> used
    )
    {
        var group = _groups.Of(candidate.Target);
        var question = Question(candidate, group, used);
        var decision = group.Decide(question);
        var recorded = RecordedDecision.Of(set, question, decision);
        if (!decision.IsOpen)
        {
            return (decision.Reasons, recorded);
        }

        var need = Duration.FromTimeSpan(candidate.Need);
        return group.NextClosing(asked.Kind, _at) is { } closes && _at + need >= closes
            ? ([DoesNotFit(candidate, group, closes)], recorded)
            : (null, recorded);
    }

    private ChosenStart Choose(StartCandidate candidate, Dictionary<string, int> used)
    {
        var group = _groups.Of(candidate.Target);
        var question = Question(candidate, group, used);
        var openings = group.Openings(_at).Select(opening => opening.Key).ToImmutableArray();
        foreach (var opening in openings)
        {
            used[opening] = used.GetValueOrDefault(opening) + 1;
        }

        return new(candidate.Id, RecordedDecision.Of(set, question, group.Decide(question)), openings);
    }

    private CalendarQuestion Question(StartCandidate candidate, CalendarGroup group, Dictionary<string, int> used) =>
        Question(candidate) with
        {
            Started = group
                .Openings(_at)
                .ToImmutableDictionary(
                    opening => opening.Rule.Name,
                    opening => used.GetValueOrDefault(opening.Key),
                    StringComparer.Ordinal
                ),
        };

    private CalendarQuestion Question(StartCandidate candidate) =>
        new(candidate.Target, asked.Kind, _at)
        {
            Overridden = asked.Past?.Rules ?? [],
            Emergency = asked.Past?.Emergency,
        };

    private CalendarReason DoesNotFit(StartCandidate candidate, CalendarGroup group, Instant closes)
    {
        var by = group.ClosedBy(asked.Kind, closes);
        var rule = group.Rules.FirstOrDefault(rule => rule.Name == by) ?? group.Rules[0];
        return new(
            CalendarReason.DoesNotFit,
            rule.Name,
            $"{candidate.Target.Tenant} needs {CalendarWords.Of(candidate.Need)} with its way back, and {rule.Name} closes at {CalendarWords.Of(closes, candidate.Target.Zone)}.",
            rule.Origin
        );
    }

    /// <summary>When it may begin, as far as can be seen.</summary>
    private DateTimeOffset? Until(StartCandidate candidate, ImmutableArray<CalendarReason> reasons)
    {
        var group = _groups.Of(candidate.Target);
        var from = _at;
        if (reasons[0].Code is CalendarReason.WindowFull)
        {
            // Until one of the full ones ends: another may open then, or it itself again.
            from = group.Openings(_at).Select(opening => opening.Span.End).Append(_at + Duration.FromMinutes(1)).Max();
        }

        // Never now: who asks again at once asks for ever.
        return group.FirstFit(asked.Kind, from, Duration.FromTimeSpan(candidate.Need)) is { } fits
            ? Instant.Max(fits, _at + Duration.FromSeconds(1)).ToDateTimeOffset()
            : null;
    }

    /// <summary>When a rule that lets nobody finish next comes to stand in the way.</summary>
    private Instant? TurnsBack(StartCandidate candidate)
    {
        var group = _groups.Of(candidate.Target);
        if (!_turnsBack.TryGetValue(group, out var known))
        {
            var strict = group.Rules.Where(rule => !rule.LetsFinish).ToImmutableArray();
            known = strict.IsEmpty
                ? null
                : new CalendarGroups(strict, asked.Past?.Rules).Of(candidate.Target).NextClosing(asked.Kind, _at);
            _turnsBack.Add(group, known);
        }

        return known;
    }

    private ImmutableArray<Blocker> Blockers(int wave, List<ClosedStart> closed) =>
        [
            .. closed
                .GroupBy(each => each.Reasons[0].Code, StringComparer.Ordinal)
                .Select(group => Blocker(wave, group.Key, [.. group])),
        ];

    private Blocker Blocker(int wave, string code, List<ClosedStart> closed)
    {
        var first = closed[0];
        var reason = first.Reasons[0];
        var passes = closed.Exists(each => each.Until is not null);
        var tenants =
            closed.Count == 1
                ? $"{first.Candidate.Target.Tenant} waits"
                : $"{first.Candidate.Target.Tenant} and {closed.Count - 1} more of wave {wave} wait";
        return new(
            $"rollout/{rollout}",
            code,
            FormattableString.Invariant($"{tenants}: {reason.What}"),
            now,
            closed.Select(each => each.Until).Where(until => until is not null).Min(),
            passes ? Clearing.Nobody
                : reason.Code is CalendarReason.ClassUnknown ? Clearing.Makers
                : Clearing.Author,
            (passes ? "wait" : reason.Remedy($", then tidegate rollout abort {rollout} and start again"))
                + Unnamed(reason),
            reason.Rule,
            reason.Origin
        );
    }

    /// <summary>An emergency goes past exactly what it names: one that waits did not name enough.</summary>
    private string Unnamed(CalendarReason reason) =>
        asked.Past is { Emergency: var emergency }
        && set.Rules.FirstOrDefault(rule => rule.Name == reason.Rule) is { When: not Recurrence.Unreadable } rule
            ? $"; emergency {emergency} does not name {RuleOverrides.Of(rule)}: abort it and begin one that does"
            : "";

    private sealed record ClosedStart(
        StartCandidate Candidate,
        RecordedDecision Decision,
        ImmutableArray<CalendarReason> Reasons,
        DateTimeOffset? Until
    );
}
