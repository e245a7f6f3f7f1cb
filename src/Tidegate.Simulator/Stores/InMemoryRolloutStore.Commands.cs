using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Simulator.Stores;

public sealed partial class InMemoryRolloutStore
{
    public Task<AbortResult> AbortAsync(OperatorCommand command, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(Abort(command));
        }
    }

    public Task<ResumeResult> ResumeAsync(
        OperatorCommand command,
        TenantName? tenant,
        CancellationToken cancellationToken
    )
    {
        lock (gate)
        {
            return Task.FromResult(Resume(command, tenant));
        }
    }

    public Task LetGoAsync(ClaimedUpgrade claimed, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var stored = upgrades[claimed.Upgrade.Id];
            if (stored.Owner == claimed.Owner && stored.Epoch > claimed.Epoch && stored.StepStartedAt is null)
            {
                stored.Owner = null;
                MakeDue(stored);
            }
        }

        return Task.CompletedTask;
    }

    private AbortResult Abort(OperatorCommand command)
    {
        if (!rollouts.TryGetValue(command.Rollout, out var rollout))
        {
            return new AbortResult.UnknownRollout();
        }

        if (rollout is { Outcome: { } outcome, Aborted: null })
        {
            return new AbortResult.HasEnded(outcome);
        }

        if (rollout.Aborted is null)
        {
            rollout.Abort(StopOrder.Aborted(command.Actor, command.Reason), command.Now);
            LeaveUntouched(rollout, rollout.Aborted!, command.Now);
        }

        foreach (var stored in Of(command.Rollout))
        {
            var moved = UpgradeDecider.Abort(stored.Upgrade, stored.HasBegunToOpen, rollout.Aborted!, command.Now);
            if (moved != stored.Upgrade)
            {
                Order(stored, moved);
            }
        }

        return new AbortResult.Aborted(
            Names(command.Rollout, UpgradeState.Back),
            Names(command.Rollout, UpgradeState.Forward),
            Names(command.Rollout, UpgradeState.Asking),
            Of(command.Rollout).Count(stored => stored.Upgrade.Ending is UpgradeEnding.Untouched)
        );
    }

    private ResumeResult Resume(OperatorCommand command, TenantName? tenant)
    {
        if (!rollouts.TryGetValue(command.Rollout, out var rollout))
        {
            return new ResumeResult.UnknownRollout();
        }

        var named = Of(command.Rollout)
            .Where(stored => tenant is null || stored.Upgrade.Target.Tenant == tenant)
            .ToImmutableArray();
        if (named.IsEmpty)
        {
            return new ResumeResult.UnknownTenant();
        }

        if (rollout.Outcome is { } outcome)
        {
            return new ResumeResult.HasEnded(outcome);
        }

        var resumed = ImmutableArray.CreateBuilder<ResumedTenant>();
        foreach (var stored in named.Where(stored => stored.Upgrade.State is UpgradeState.Asking))
        {
            var moved = UpgradeDecider.Resume(stored.Upgrade, stored.HasBegunToOpen, rollout.Aborted, command.Now);
            Order(stored, moved);
            resumed.Add(new(moved.Target.Tenant, moved.State is UpgradeState.Back, moved.Next!.Kind));
        }

        return new ResumeResult.Resumed(resumed.DrainToImmutable());
    }

    /// <summary>Moves an upgrade on a person's order. A lease that is held stays until it runs out, and its record comes too late.</summary>
    private void Order(StoredUpgrade stored, Upgrade moved)
    {
        var isLeased = leased.Remove((stored.LeaseUntil, stored.Upgrade.Id.Value));
        var (owner, until) = (stored.Owner, stored.LeaseUntil);
        Move(stored, moved);
        stored.Epoch = ++lastEpoch;
        stored.StepStartedAt = null;
        if (isLeased)
        {
            due.Remove((moved.DueAt, moved.Id.Value));
            leased.Add((until, moved.Id.Value));
            stored.Owner = owner;
        }
    }

    private ImmutableArray<StoredUpgrade> Of(RolloutId rollout) =>
        [
            .. upgrades
                .Values.Where(stored => stored.Upgrade.Rollout == rollout)
                .OrderBy(stored => stored.Wave)
                .ThenBy(stored => stored.Upgrade.Target.Tenant.Value, StringComparer.Ordinal),
        ];

    private ImmutableArray<TenantName> Names(RolloutId rollout, UpgradeState state) =>
        [.. Of(rollout).Where(stored => stored.Upgrade.State == state).Select(stored => stored.Upgrade.Target.Tenant)];
}
