using Microsoft.Extensions.Logging;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>How an engine works.</summary>
public sealed record EngineOptions
{
    /// <summary>Names this process in leases and the ledger.</summary>
    public required string Owner { get; init; }

    /// <summary>Claims work of these sites only.</summary>
    public required IReadOnlyList<string> Sites { get; init; }

    /// <summary>How long a lease lasts when it is not renewed, by the control database's clock.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Steps carried out at once.</summary>
    public int Workers { get; init; } = 4;
}

/// <summary>Carries plans out: claim what is due, run it, record what came of it. Holds nothing between two turns.</summary>
public sealed partial class RolloutEngine(
    IRolloutStore store,
    StepHandlers handlers,
    IUpgradeLease upgradeLease,
    StartRules rules,
    EngineOptions options,
    TimeProvider clock,
    ILogger<RolloutEngine> logger
)
{
    /// <summary>Does one thing that is due. False when there is none.</summary>
    public Task<bool> TurnAsync(CancellationToken cancellationToken) => TurnAsync(() => { }, cancellationToken);

    /// <param name="found">Called once it is known that there is a thing, before it is done.</param>
    /// <inheritdoc cref="TurnAsync(CancellationToken)"/>
    public async Task<bool> TurnAsync(Action found, CancellationToken cancellationToken)
    {
        var claim = new Claim(options.Owner, options.Lease, options.Sites, clock.GetUtcNow());
        if (await store.ClaimUpgradeAsync(claim, cancellationToken) is { } upgrade)
        {
            found();
            await RunAsync(upgrade, cancellationToken);
            return true;
        }

        if (await store.ClaimRolloutAsync(claim, cancellationToken) is { } rollout)
        {
            var now = clock.GetUtcNow();
            var decision = RolloutDecider.Next(rollout.Summary);
            var asked = await rules.AskAsync(rollout, decision, now, cancellationToken);
            await store.ApplyAsync(rollout, asked, now, cancellationToken);
            return true;
        }

        return false;
    }

    private async Task RunAsync(ClaimedUpgrade claimed, CancellationToken cancellationToken)
    {
        var upgrade = claimed.Upgrade;
        var step = upgrade.Next!;
        var context = new StepContext(
            new StepId(upgrade.Id, step.Kind),
            upgrade.Rollout,
            upgrade.Target,
            claimed.Epoch,
            claimed.StepStartedAt,
            clock.GetUtcNow()
        );

        using var mine = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = new PeriodicTimer(options.Lease / 3, clock);
        var renewing = KeepLeaseAsync(claimed, context, timer, mine);
        var attempt = await AttemptAsync(step, context, mine.Token);
        var lost = mine.IsCancellationRequested;
        timer.Dispose(); // ends the wait for the next tick without an exception, which costs more than a short step
        if (!renewing.IsCompleted)
        {
            await mine.CancelAsync();
        }

        await renewing;
        if (lost)
        {
            // Somebody else owns the step, or the host stops: what happened is found by whoever claims it next.
            await LetGoAsync(claimed, context, cancellationToken);
            return;
        }

        var now = clock.GetUtcNow();
        var moved = UpgradeDecider.After(upgrade, attempt, now);
        if (!await store.RecordAsync(claimed, attempt, moved, now, cancellationToken))
        {
            await LetGoAsync(claimed, context, cancellationToken);
        }
    }

    private async Task LetGoAsync(ClaimedUpgrade claimed, StepContext context, CancellationToken cancellationToken)
    {
        LeaseLost(context.StepId);
        if (!cancellationToken.IsCancellationRequested)
        {
            await store.LetGoAsync(claimed, cancellationToken);
        }
    }

    private async Task<Attempt> AttemptAsync(Step step, StepContext context, CancellationToken cancellationToken)
    {
        try
        {
            await upgradeLease.RenewAsync(context, cancellationToken);
            return new Attempt.Returned(await handlers.RunAsync(step, context, cancellationToken));
        }
        catch (Exception exception)
        {
            // The engine's one broad catch: whatever a handler throws is a failed attempt, and the decider's to judge.
            AttemptFailed(exception, context.StepId);
            return new Attempt.Threw($"{step.Kind} of {context.Target.Tenant} failed: {exception.Message}");
        }
    }

    /// <summary>Renews until the timer is disposed of; cancels the step when the lease is gone.</summary>
    private async Task KeepLeaseAsync(
        ClaimedUpgrade claimed,
        StepContext context,
        PeriodicTimer timer,
        CancellationTokenSource mine
    )
    {
        try
        {
            while (await timer.WaitForNextTickAsync(mine.Token))
            {
                if (!await RenewOnceAsync(claimed, context, mine.Token))
                {
                    await mine.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            // The host stops, the lease is gone, or the step ended while it was renewed.
        }
    }

    private async Task<bool> RenewOnceAsync(
        ClaimedUpgrade claimed,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var renewed = await store.RenewAsync(claimed, options.Lease, cancellationToken);
            if (renewed)
            {
                await upgradeLease.RenewAsync(context, cancellationToken);
            }

            return renewed;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The database or the gateway does not answer. The step goes on: if the lease runs out meanwhile, the
            // site's epoch stops it, and the record's guard refuses it.
            RenewalFailed(exception, context.StepId);
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease of {Step} was lost; left to its new owner")]
    private partial void LeaseLost(StepId step);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Attempt at {Step} failed")]
    private partial void AttemptFailed(Exception exception, StepId step);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease of {Step} could not be renewed")]
    private partial void RenewalFailed(Exception exception, StepId step);
}
