using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Promotion.Gates;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>Takes what rollouts came to, asks the gates of work that is due, and starts what they let through. Holds nothing between two turns.</summary>
public sealed partial class PromotionWork(
    PlannedWorkStore planned,
    PromotionReader reader,
    PromotionActs acts,
    BlockerStore blockers,
    PromotionTools tools
)
{
    /// <summary>Work that is looked at between two looks at what has ended.</summary>
    private const int Batch = 64;

    /// <summary>One turn, unless another server has it.</summary>
    /// <returns>Whether more is due at once.</returns>
    public async Task<bool> TurnAsync(CancellationToken cancellationToken)
    {
        await using var turn = await tools.Turns.TryTakeAsync(cancellationToken);
        if (turn is null)
        {
            return false;
        }

        var look = await blockers.LookAsync(cancellationToken);
        await planned.SettleAsync(tools.Clock.GetUtcNow(), cancellationToken);
        foreach (var environment in await planned.UnblockedAsync(cancellationToken))
        {
            await SayAsync(PromotionBlockers.Owner(environment), [], look, cancellationToken);
        }

        var due = await planned.DueAsync(tools.Clock.GetUtcNow(), Batch, cancellationToken);
        var facts = await reader.ReadAsync([.. due.Select(work => work.Question)], cancellationToken);
        var judged = new List<JudgedWork>();
        foreach (var (work, known) in due.Zip(facts))
        {
            if (await JudgeAsync(work, known, look, cancellationToken) is { } waits)
            {
                judged.Add(waits);
            }
        }

        if (judged.Count > 0)
        {
            await planned.JudgedAsync(judged, tools.Clock.GetUtcNow(), cancellationToken);
        }

        return due.Count == Batch;
    }

    /// <returns>Null when it waits no more.</returns>
    private async Task<JudgedWork?> JudgeAsync(
        WaitingWork waiting,
        PromotionFacts facts,
        Look look,
        CancellationToken cancellationToken
    )
    {
        var now = tools.Clock.GetUtcNow();
        switch (PromotionDecider.Next(facts, now))
        {
            case PromotionDecision.Done:
                await planned.DoneAsync(waiting.Work, now, cancellationToken);
                return null;
            case PromotionDecision.Start start:
                return await StartAsync(waiting, start, cancellationToken) is { IsEmpty: false } closed
                    ? await WaitAsync(
                        waiting,
                        [.. start.Gates, .. closed.Select(answer => new AskedGate(answer))],
                        wake: null,
                        look,
                        cancellationToken
                    )
                    : null;
            case PromotionDecision.Wait wait:
                if (ValidationGate.IsMissing(facts))
                {
                    await acts.ValidateAsync(facts, cancellationToken);
                }

                return await WaitAsync(waiting, wait.Gates, wait.Wake, look, cancellationToken);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <returns>Everything that kept it from starting; nothing when it started.</returns>
    private async Task<ImmutableArray<GateAnswer>> StartAsync(
        WaitingWork waiting,
        PromotionDecision.Start start,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var closed = await acts.StartAsync(waiting, start, cancellationToken);
            if (closed.IsEmpty)
            {
                Started(waiting.Work.Release.Name, waiting.Work.Environment.Value);
            }

            return closed;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A plan reads bundles and databases: one that cannot be made keeps no other environment waiting.
            StartFailed(exception, waiting.Work.Release.Name, waiting.Work.Environment.Value);
            return
            [
                new GateAnswer(
                    PromotionActs.PlanGate,
                    GateVerdict.Error,
                    [
                        new(
                            "plan-error",
                            $"{waiting.Work.Release.Name} could not be planned: {exception.Message}",
                            Clearing.Operator,
                            "the server's log has more; it is tried again"
                        ),
                    ]
                ),
            ];
        }
    }

    /// <summary>Says what keeps it waiting, before that is recorded: after a crash in between it is said again.</summary>
    /// <param name="wake">Null after a plan that could not start.</param>
    private async Task<JudgedWork> WaitAsync(
        WaitingWork waiting,
        ImmutableArray<AskedGate> gates,
        DateTimeOffset? wake,
        Look look,
        CancellationToken cancellationToken
    )
    {
        var now = tools.Clock.GetUtcNow();
        var isNew = waiting.JudgedAt is null || StoredJson.Write(waiting.Gates) != StoredJson.Write(gates);
        if (isNew)
        {
            await SayAsync(
                PromotionBlockers.Owner(waiting.Work.Environment),
                PromotionBlockers.Of(waiting.Work, gates, now),
                look,
                cancellationToken
            );
        }

        return new JudgedWork(
            waiting.Work.Id,
            waiting.WakeAt,
            wake ?? PromotionDecider.WakeAfterPlan(gates, isNew ? null : waiting.JudgedAt, now),
            gates
        );
    }

    private Task SayAsync(string owner, ImmutableArray<Blocker> said, Look look, CancellationToken cancellationToken) =>
        blockers.ReplaceAsync(owner, said, look, tools.Clock.GetUtcNow(), cancellationToken);

    private readonly ILogger logger = tools.Logger;

    [LoggerMessage(Level = LogLevel.Information, Message = "Release {Release} was started in {Environment}")]
    private partial void Started(string release, string environment);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Release {Release} could not be started in {Environment}")]
    private partial void StartFailed(Exception exception, string release, string environment);
}

/// <summary>What promotion works with beside what it works on.</summary>
public sealed record PromotionTools(PromotionTurnStore Turns, TimeProvider Clock, ILogger<PromotionWork> Logger);
