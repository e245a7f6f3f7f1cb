using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Ledger;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.LedgerRetention;

/// <summary>Says how long entries are kept, and orders the run that lets go of older ones.</summary>
public sealed class LedgerRetentionDesk(
    JobStore jobs,
    ServedSites served,
    LedgerRetentionStore retention,
    ILedgerKeys keys
)
{
    /// <summary>Orders one; the one that is under way instead, where there is one.</summary>
    public Task<JobId> RunAsync(string actor, string? reason, CancellationToken cancellationToken) =>
        jobs.OrderAsync(
            LedgerRetentionJobs.Run,
            new JobOrder<RunLedgerRetention>(served.Names[0], LedgerRetentionJobs.Subject, new(actor), actor, reason)
            {
                Lane = LedgerRetentionJobs.Subject,
                Key = LedgerRetentionJobs.Run.Name,
            },
            cancellationToken
        );

    /// <summary>What a run would do now, and the checkpoint before which entries would go; null where none would.</summary>
    public async Task<(LedgerRetentionFacts Facts, LedgerRetentionPlan Plan, LedgerCheckpoint? Before)> PlanAsync(
        CancellationToken cancellationToken
    )
    {
        var facts = await retention.FactsAsync(cancellationToken);
        var plan = LedgerRetentionPlanner.Plan(facts);
        var before = await retention.CheckpointAsync(plan.Most, keys.Signing.Id, cancellationToken);
        return (facts, plan, before?.Size > plan.First ? before : null);
    }
}
