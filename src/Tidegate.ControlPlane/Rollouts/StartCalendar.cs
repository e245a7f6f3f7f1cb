using Tidegate.ControlPlane.Calendars;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Asks the calendars before the next tenants of a rollout begin. What they are asked about is read once for each decision; nothing is read where there are no calendars.</summary>
public sealed class StartCalendar(ICalendars calendars, IStartCandidates candidates)
{
    /// <returns>The decision, or what calendars make of it.</returns>
    public async Task<RolloutDecision> AskAsync(
        ClaimedRollout rollout,
        RolloutDecision decision,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (rollout.Calendar is not { } asked || decision is not (RolloutDecision.Start or RolloutDecision.Wait))
        {
            return decision;
        }

        var set = await calendars.InForceAsync(cancellationToken);
        if (set.IsEmpty)
        {
            return decision;
        }

        var gate = new CalendarGate(rollout.Summary.Id, asked, set, now);
        DateTimeOffset? wake = null;
        if (set.Rules.Any(rule => !rule.LetsFinish) && rollout.Summary.Waves.Any(wave => wave.Running > 0))
        {
            var (back, next) = gate.UnderWay(await candidates.UnderWayAsync(rollout, cancellationToken));
            if (!back.IsEmpty)
            {
                return new RolloutDecision.GoBack(back);
            }

            wake = next;
        }

        if (decision is RolloutDecision.Start wanted)
        {
            var pending = await candidates.PendingAsync(rollout, wanted.Wave, cancellationToken);
            var openings = gate.Openings(pending);
            decision = gate.Start(
                wanted,
                pending,
                openings.Count == 0
                    ? new Dictionary<string, int>(StringComparer.Ordinal)
                    : await candidates.StartedAsync(openings, cancellationToken)
            );
        }

        return decision switch
        {
            RolloutDecision.Start start => start with { Wake = Earlier(start.Wake, wake) },
            RolloutDecision.Wait wait => wait with { Wake = Earlier(wait.Wake, wake) },
            _ => decision,
        };
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null ? right
        : right is null || left < right ? left
        : right;
}
