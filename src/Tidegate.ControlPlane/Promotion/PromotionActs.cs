using System.Collections.Immutable;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>What promotion does beside waiting: starts rollouts, and asks for validations.</summary>
public sealed class PromotionActs(RolloutDesk rollouts, WorkGates gates, ReleaseDesk releases, ReleaseStore catalogue)
{
    /// <summary>The name under which what the plan itself says is shown among the gates.</summary>
    public const string PlanGate = "plan";

    /// <summary>Plans and starts the rollout; the planned work is marked with it.</summary>
    /// <returns>Everything that kept it from starting; nothing when it started.</returns>
    public async Task<ImmutableArray<GateAnswer>> StartAsync(
        WaitingWork waiting,
        PromotionDecision.Start start,
        CancellationToken cancellationToken
    )
    {
        var (request, work) = (start.Request, waiting.Work);
        switch (await rollouts.PlanAsync(request, Kind(waiting), cancellationToken))
        {
            case PlanResult.Planned { Plan: { Waves.IsEmpty: false } plan }:
                // To plan takes a while, and what gates said before may be older still.
                var asked = await gates.AskAsync(
                    new WorkQuestion(plan, request, Askers(waiting)) { Starts = true, Kind = Kind(waiting) },
                    cancellationToken
                );
                if (asked.RemoveAll(gate => gate.Verdict is GateVerdict.Pass) is { IsEmpty: false } closed)
                {
                    return closed;
                }

                return
                    await rollouts.StartAsync(
                        plan,
                        new StartedBy(
                            PlannedWorkStore.Actor,
                            Reason(waiting),
                            request.Supersede,
                            new WorkToStart(work.Id, string.Join(", ", Passed(start, asked)))
                        )
                        {
                            IsAutomatic = Kind(waiting) is StartKind.Automatic,
                        },
                        cancellationToken
                    )
                        is StartRolloutResult.Refused refused
                    ? Refusal("start-refused", refused.Reason, Clearing.Nobody, "it is planned again")
                    : [];
            case PlanResult.Planned { Plan: var nobody }:
                return Refusal(
                    "nobody-can",
                    $"no tenant of {work.Environment} can take {work.Release.Name}: {string.Join(' ', nobody.Excluded.Take(3).Select(exclusion => exclusion.Reason))}",
                    Clearing.Operator,
                    $"tidegate rollout plan --release {work.Release.Name} --environment {work.Environment} shows every tenant and why it is left alone"
                );
            case PlanResult.Blocked blocked:
                return Refusal("plan-blocked", blocked.What, Clearing.Operator, blocked.Next);
            case PlanResult.UnknownName unknown:
                return Refusal("plan-unknown", unknown.What, Clearing.Author, unknown.Next);
            case PlanResult.Invalid invalid:
                return Refusal(
                    "plan-invalid",
                    invalid.What,
                    Clearing.Author,
                    $"mend rollout in the policy that {work.Environment} names"
                );
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static IEnumerable<string> Passed(PromotionDecision.Start start, IEnumerable<GateAnswer> asked) =>
        start
            .Gates.Select(gate => gate.Answer.Gate)
            .Concat(asked.Select(gate => gate.Gate))
            .Distinct(StringComparer.Ordinal);

    private static ImmutableArray<GateAnswer> Refusal(string code, string what, string clears, string next) =>
        [GateAnswer.Fail(PlanGate, new GateReason(code, what, clears, next))];

    /// <summary>Asks for the validation that a gate misses, against what the environment runs now.</summary>
    public async Task ValidateAsync(PromotionFacts facts, CancellationToken cancellationToken)
    {
        var from =
            facts.Here.Runs is { } runs && runs != facts.Release.Name
                ? await catalogue.FindAsync(runs, cancellationToken)
                : null;
        await releases.ValidateAsync(facts.Record!, from, PlannedWorkStore.Actor, cancellationToken);
    }

    /// <summary>A person's word about planned work is a person's start.</summary>
    private static StartKind Kind(WaitingWork waiting) =>
        waiting.Order is null ? StartKind.Automatic : StartKind.Manual;

    /// <summary>Whoever wrote the commit that asks for it, and whoever says that it may start.</summary>
    private static ImmutableArray<string> Askers(WaitingWork waiting)
    {
        var author = waiting.Work.Author;
        var (open, close) = (author.LastIndexOf('<'), author.LastIndexOf('>'));
        var name = open >= 0 && close > open + 1 ? author[(open + 1)..close].Trim() : author;
        return waiting.Order is { } order ? [name, order.By] : [name];
    }

    private static string Reason(WaitingWork waiting)
    {
        var work = waiting.Work;
        var asked = $"asked for by {work.Author} in commit {work.Commit}";
        return waiting.Order is { } order
            ? $"{asked}, started by {order.By}{(order.Reason is { } reason ? $": {reason}" : "")}"
            : asked;
    }
}
