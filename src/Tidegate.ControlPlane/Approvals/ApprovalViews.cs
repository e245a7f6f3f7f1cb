using System.Collections.Immutable;
using Tidegate.Contracts.Approvals;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>Approvals as the API shows them.</summary>
internal static class ApprovalViews
{
    public static ApprovalSummary Summary(KnownApproval known) =>
        new(
            known.Record.Id.Value,
            known.Record.Environment.Value,
            known.Record.Release.Name,
            State(known),
            known.Record.Binding.Plan,
            known.Record.Plan.Waves.Sum(wave => wave.Tenants.Count),
            known.Record.AskedAt,
            AskedBy(known),
            [.. known.Outcome.Answer.Reasons.Select(reason => reason.What)]
        );

    public static ApprovalView View(KnownApproval known) =>
        new(
            known.Record.Id.Value,
            known.Record.Environment.Value,
            known.Record.Release.Name,
            known.Record.Release.Digest.Value,
            State(known),
            known.Void,
            known.Record.AskedAt,
            AskedBy(known),
            known.Work.Authors.Names,
            known.Facts.Unknown(),
            known.Record.Binding.Policy,
            known.Work.Risk,
            known.Work.Class,
            known.Work.Findings?.Errors,
            known.Work.Findings?.Warnings,
            [.. known.Outcome.Requirements.Append(known.Outcome.Extra).OfType<MetRequirement>().Select(View)],
            [.. known.Statements.Select(statement => View(statement, known.Outcome.Uncounted))],
            known.Outcome.Answer.View(),
            known.Record.LossLimit,
            known.Record.Plan
        );

    public static DelegationView View(KeptDelegation kept, DateTimeOffset now)
    {
        var (id, lasts) = (kept.Id, kept.InForce);
        return new(
            id,
            lasts.From,
            lasts.To,
            lasts.Begins,
            lasts.Ends,
            now < lasts.Begins ? "coming"
                : now < lasts.Ends ? "lasts"
                : "over",
            kept.By,
            kept.Reason
        );
    }

    private static string State(KnownApproval known) =>
        !known.Void.IsEmpty ? "void"
        : known.Outcome.Answer.Verdict is GateVerdict.Pass ? "approved"
        : known.Outcome.Answer.Reasons.Any(reason => reason.Code is "approval-rejected") ? "rejected"
        : "open";

    private static string[] AskedBy(KnownApproval known) =>
        [.. known.Statements.Where(kept => kept.Said is KeptStatement.Asked).Select(kept => kept.By)];

    private static RequirementView View(MetRequirement met) =>
        new(
            met.Requirement.Name,
            met.Requirement.Count,
            met.Requirement.From,
            met.Requirement.Including,
            [
                .. met.Counted.Select(counted =>
                    counted.InPlaceOf is { } place ? $"{counted.Person} in the place of {place}" : counted.Person
                ),
            ],
            met.CouldGive
        );

    private static ApprovalStatementView View(KeptStatement kept, ImmutableArray<UncountedStatement> uncounted) =>
        new(
            kept.Said,
            kept.By,
            kept.At,
            kept.Until,
            kept.Reason,
            kept.IsWithdrawn
                ? "it was taken back"
                : uncounted.FirstOrDefault(each => each.Statement.By == kept.By && each.Statement.At == kept.At)?.Why
        );
}
