using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>Asks <c>approved</c> where the environment's policy names requirements that speak of the work, whoever starts the rollout.</summary>
public sealed class ApprovalWorkGates(
    EnvironmentTermsStore terms,
    ApprovalReader reader,
    ApprovalStore store,
    FleetStore fleet,
    TimeProvider clock
) : IWorkGates
{
    /// <summary>Who asks where no person starts, in the ledger.</summary>
    private const string Promotion = "promotion";

    public async Task<ImmutableArray<GateAnswer>> AskAsync(WorkQuestion question, CancellationToken cancellationToken)
    {
        if (await WorkAsync(question, cancellationToken) is not (var known, var asked, var work))
        {
            return [];
        }

        var now = clock.GetUtcNow();
        var record = question.Starts
            ? await store.AskAsync(asked, question.By, question.Refused ?? Promotion, cancellationToken)
            : await store.FindAsync(question.Environment, asked.Binding, cancellationToken) ?? asked;
        var facts = await reader.FactsAsync(record, asked.Binding, work, known, question.By, now, cancellationToken);
        var answer = ApprovedGate.Ask(facts, now).Answer.At(known);
        if (answer.Verdict is GateVerdict.Pass)
        {
            return [answer];
        }

        if (question is { Starts: true, Refused: { } actor })
        {
            await store.RefusedAsync(
                actor,
                question.Release.Digest.Value,
                $"start in {question.Environment} without approval {record.Id}: {answer.Reasons[0].What}",
                now,
                cancellationToken
            );
        }

        return
        [
            answer with
            {
                Reasons =
                [
                    .. answer.Reasons.Select(reason =>
                        reason.Code is "approval-missing" or "approval-authors-unknown"
                            ? reason with
                            {
                                Next = Next(question, record),
                            }
                            : reason
                    ),
                ],
            },
        ];
    }

    /// <summary>Asks for the approval of a plan, without starting it.</summary>
    /// <returns>Null where nobody has to agree.</returns>
    public async Task<ApprovalId?> AskedAsync(WorkQuestion question, CancellationToken cancellationToken) =>
        await WorkAsync(question, cancellationToken) is (_, var asked, _)
            ? (await store.AskAsync(asked, question.By, question.By[0], cancellationToken)).Id
            : null;

    /// <summary>Null where nobody has to agree.</summary>
    private async Task<(EnvironmentTerms Terms, ApprovalRecord Asked, KnownWork Work)?> WorkAsync(
        WorkQuestion question,
        CancellationToken cancellationToken
    )
    {
        if (
            await terms.FindAsync(question.Environment, cancellationToken) is not { } known
            || known.Policy.Approvals.AsksNothing
            || question.Overrides.Contains(ApprovedGate.Name, StringComparer.Ordinal)
            || question.Plan.Waves.IsEmpty
        )
        {
            return null;
        }

        var asked = Record(
            question,
            ApprovalBindings.Of(question.Plan, known.Policy),
            known.Policy.Approvals,
            await TagsAsync(question.Plan, cancellationToken)
        );
        var work = await reader.WorkAsync(
            question.Release,
            [.. question.Plan.Waves.SelectMany(wave => wave.Tenants).Select(tenant => tenant.Target.Tenant.Value)],
            asked.Tags,
            known,
            cancellationToken
        );
        return work.Requirements.IsEmpty ? null : (known, asked, work);
    }

    /// <summary>Each combination of tags that tenants of the plan have, once.</summary>
    private async Task<ImmutableArray<ImmutableArray<string>>> TagsAsync(
        RolloutPlan plan,
        CancellationToken cancellationToken
    )
    {
        var planned = plan.Waves.SelectMany(wave => wave.Tenants).Select(tenant => tenant.Target.Tenant).ToHashSet();
        return
        [
            .. (await fleet.ListAsync(plan.Environment, cancellationToken))
                .Where(member => planned.Contains(member.Tenant.Name))
                .Select(member => member.Tenant.Tags)
                .DistinctBy(tags => string.Join(' ', tags), StringComparer.Ordinal),
        ];
    }

    private ApprovalRecord Record(
        WorkQuestion question,
        ApprovalBinding binding,
        ApprovalPolicy policy,
        ImmutableArray<ImmutableArray<string>> tags
    ) =>
        new(
            ApprovalId.New(clock),
            question.Environment,
            question.Release,
            binding,
            question.Request,
            question.Kind,
            tags,
            PlanDocumentMapping.View(question.Plan),
            clock.GetUtcNow(),
            policy.LossLimit
        );

    private static string Next(WorkQuestion question, ApprovalRecord record) =>
        question.Starts
            ? $"tidegate approval show {record.Id}, then tidegate approval give {record.Id}"
            : $"tidegate approval ask --release {question.Release.Name} --environment {question.Environment}";
}
