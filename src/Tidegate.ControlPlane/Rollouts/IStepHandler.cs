namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Carries out one kind of step. Running it twice with the same step id must equal running it once: it looks before it acts.</summary>
/// <remarks>
/// A handler is the only code that may touch Odoo, a tenant's PostgreSQL, a runtime, the gateway or a backup. It gets
/// a value and returns a value; it starts no step and writes no store. An exception is a failed attempt: the engine
/// tries again by the step's rule, then treats the step as failed.
/// </remarks>
public interface IStepHandler<in TStep>
    where TStep : Step
{
    Task<StepOutcome> RunAsync(TStep step, StepContext context, CancellationToken cancellationToken);
}

/// <summary>What a handler knows beside its step.</summary>
/// <param name="Epoch">The fencing number of the lease under which this runs. A site that has seen a higher one refuses every effect.</param>
/// <param name="StartedAt">When this step was first attempted.</param>
/// <param name="Now">The instant of this attempt.</param>
public sealed record StepContext(
    StepId StepId,
    RolloutId Rollout,
    UpgradeTarget Target,
    long Epoch,
    DateTimeOffset StartedAt,
    DateTimeOffset Now
)
{
    public UpgradeId Upgrade => StepId.Upgrade;
}
