using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.Stores;

/// <summary>The store as one process reaches it: it may die before a call, and after one that was committed.</summary>
internal sealed class ProcessStore(IRolloutStore store, SimulatedProcess process) : IRolloutStore
{
    public Task<StartRolloutResult> StartAsync(NewRollout rollout, CancellationToken cancellationToken) =>
        BetweenAsync("start", () => store.StartAsync(rollout, cancellationToken));

    public Task<ClaimedUpgrade?> ClaimUpgradeAsync(Claim claim, CancellationToken cancellationToken) =>
        BetweenAsync("claim", () => store.ClaimUpgradeAsync(claim, cancellationToken));

    public Task<bool> RenewAsync(ClaimedUpgrade claimed, TimeSpan lease, CancellationToken cancellationToken) =>
        BetweenAsync("renew", () => store.RenewAsync(claimed, lease, cancellationToken));

    public Task<bool> RecordAsync(
        ClaimedUpgrade claimed,
        Attempt attempt,
        Upgrade moved,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => BetweenAsync("record", () => store.RecordAsync(claimed, attempt, moved, now, cancellationToken));

    public Task<ClaimedRollout?> ClaimRolloutAsync(Claim claim, CancellationToken cancellationToken) =>
        BetweenAsync("claim rollout", () => store.ClaimRolloutAsync(claim, cancellationToken));

    public Task<bool> ApplyAsync(
        ClaimedRollout claimed,
        RolloutDecision decision,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => BetweenAsync("apply", () => store.ApplyAsync(claimed, decision, now, cancellationToken));

    public Task LetGoAsync(ClaimedUpgrade claimed, CancellationToken cancellationToken) =>
        BetweenAsync(
            "let go",
            async () =>
            {
                await store.LetGoAsync(claimed, cancellationToken);
                return true;
            }
        );

    public Task<AbortResult> AbortAsync(OperatorCommand command, CancellationToken cancellationToken) =>
        BetweenAsync("abort", () => store.AbortAsync(command, cancellationToken));

    public Task<ResumeResult> ResumeAsync(
        OperatorCommand command,
        TenantName? tenant,
        CancellationToken cancellationToken
    ) => BetweenAsync("resume", () => store.ResumeAsync(command, tenant, cancellationToken));

    private async Task<T> BetweenAsync<T>(string call, Func<Task<T>> run)
    {
        await process.PointAsync(call);
        var result = await run();
        await process.PointAsync(call);
        return result;
    }
}
