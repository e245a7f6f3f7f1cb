using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>The tenant's scheduled jobs start no more, and the running ones are waited for. Nothing is killed.</summary>
public sealed class QuiesceHandler(SiteLayout layout, GenerationRuntime runtime) : IStepHandler<Quiesce>
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private readonly TenantQuestions _questions = new(layout.Cluster);

    public Task<StepOutcome> RunAsync(Quiesce step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(
            layout.Cluster,
            context,
            session => QuietAsync(session, step, context, cancellationToken),
            cancellationToken
        );

    private async Task<StepOutcome> QuietAsync(
        FencedSession session,
        Quiesce step,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var target = context.Target;
        var old = await runtime.ListsAsync(target.Pool, target.From.Digest, cancellationToken);
        old.Set(target, Service.WebOnly, context.Epoch);

        // From here on the bridge gives back every job that it locks, so none can begin behind this question.
        var running = await _questions.RunningJobsAsync(target.Database, cancellationToken);
        if (running.IsEmpty)
        {
            // The copy begins with a checkpoint of its own, under the hold: so it finds little left to write.
            await session.Postgres.ExecuteAsync("CHECKPOINT", cancellationToken);
            return new StepOutcome.Done($"no background job of {target.Tenant} runs or will start");
        }

        return context.Now - context.StartedAt < step.Bound
            ? new StepOutcome.NotYet(Poll, $"{target.Tenant} waits for {string.Join(", ", running)}")
            : new StepOutcome.PutOff(
                $"{string.Join(", ", running)} of {target.Tenant} did not end within {step.Bound.TotalSeconds:0} s"
            );
    }
}
