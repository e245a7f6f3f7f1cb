namespace Tidegate.ControlPlane.Rollouts;

/// <summary>What is asked before the next tenants of a rollout begin: calendars, then how much may be at risk at once.</summary>
public sealed class StartRules(StartCalendar calendar, IStartRisk risk)
{
    /// <returns>The decision, or what the rules make of it.</returns>
    public async Task<RolloutDecision> AskAsync(
        ClaimedRollout rollout,
        RolloutDecision decision,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        await calendar.AskAsync(rollout, decision, now, cancellationToken) switch
        {
            RolloutDecision.Start wanted when await risk.RiskAsync(rollout, cancellationToken) is { } known =>
                new RiskGate(rollout.Summary.Id, known, now).Start(
                    wanted,
                    await risk.WeighAsync(rollout, wanted, cancellationToken)
                ),
            var asked => asked,
        };
}
