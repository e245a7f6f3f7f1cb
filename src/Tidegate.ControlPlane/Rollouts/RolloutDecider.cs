using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Decides what a rollout does next from its numbers alone. Pure.</summary>
public static class RolloutDecider
{
    public static RolloutDecision Next(RolloutSummary rollout)
    {
        var pending = rollout.Waves.Sum(wave => wave.Pending);
        if (pending > 0 && StopReason(rollout) is { } reason)
        {
            return new RolloutDecision.Stop(reason);
        }

        if (pending == 0)
        {
            return rollout.Waves.Any(wave => wave.Running > 0) ? new RolloutDecision.Wait() : Finish(rollout);
        }

        // The stop rules above have looked at every wave that ended: the first with work left is the current one.
        // Each site for itself: one whose server is away must not keep the others from their work.
        var wave = rollout.Waves.First(wave => !wave.HasEnded);
        var starts = wave
            .Open.Select(site => new StartOnSite(
                site.Site,
                Math.Min(Math.Max(1, rollout.Policy.Concurrency) - site.Running, site.Pending)
            ))
            .Where(start => start.Tenants > 0)
            .ToImmutableArray();
        return starts.IsEmpty ? new RolloutDecision.Wait() : new RolloutDecision.Start(wave.Number, starts);
    }

    private static string? StopReason(RolloutSummary rollout)
    {
        if (rollout.Ordered is { } order)
        {
            return order;
        }

        var failed = rollout.Waves.Sum(wave => wave.RolledBack);
        if (failed > rollout.Policy.FailureBudget)
        {
            return rollout.FirstFailure ?? $"{failed} tenants went back, {rollout.Policy.FailureBudget} are allowed";
        }

        // A wave in which no tenant got through proves nothing: absence of proof is never a pass.
        return rollout.Waves.FirstOrDefault(wave => wave.HasEnded && wave.OnNewRelease == 0) is { } empty
            ? rollout.FirstFailure ?? $"no tenant of wave {empty.Number} got through, so nothing is proven for the next"
            : null;
    }

    private static RolloutDecision.Finish Finish(RolloutSummary rollout)
    {
        var on = rollout.Waves.Sum(wave => wave.OnNewRelease);
        var exceptions = rollout.Waves.Sum(wave => wave.RolledBack + wave.PutOff + wave.CompletedWithException);
        var untouched = rollout.Waves.Sum(wave => wave.Untouched);
        var outcome = (on, exceptions, untouched) switch
        {
            (0, _, _) => RolloutOutcome.RolledBack,
            (_, _, > 0) => RolloutOutcome.Halted,
            // Told to stop, what went back did not do so within the rollout's own rules.
            (_, > 0, _) when rollout.Ordered is not null => RolloutOutcome.Halted,
            (_, > 0, _) => RolloutOutcome.CompletedWithExceptions,
            _ => RolloutOutcome.Completed,
        };
        return new RolloutDecision.Finish(
            outcome,
            outcome is RolloutOutcome.Completed ? null : rollout.Ordered ?? rollout.FirstFailure
        );
    }
}
