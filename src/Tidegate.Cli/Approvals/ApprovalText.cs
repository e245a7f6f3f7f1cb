using System.Globalization;
using Tidegate.Cli.Promotion;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Approvals;

namespace Tidegate.Cli.Approvals;

/// <summary>Approvals for people.</summary>
internal static class ApprovalText
{
    public static void Write(TextWriter output, ApprovalView approval)
    {
        output.WriteLine($"APPROVAL {approval.Id}  {approval.Release} to {approval.Environment}  {approval.State}");
        foreach (var changed in approval.Void)
        {
            output.WriteLine($"  void: since it was asked for, {changed} changed");
        }

        output.WriteLine(
            $"  asked {PromotionText.Instant(approval.AskedAt)} by {Names(approval.AskedBy)}; written by {Names(approval.Authors)}"
        );
        if (approval.AuthorsUnknown is { } unknown)
        {
            output.WriteLine($"  who wrote it cannot be told: {unknown}");
        }

        output.WriteLine($"  risk {approval.Risk}, class {approval.Class ?? "not proven"}, {Findings(approval)}");
        output.WriteLine(
            approval.LossLimit == 0
                ? "  way back: inside the safe-write window; what costs data a named person decides"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"  way back: up to {approval.LossLimit} rows of business documents are approved with it; beyond that a named person decides"
                )
        );
        foreach (var requirement in approval.Requirements)
        {
            Write(output, requirement);
        }

        foreach (var said in approval.Statements.Where(said => said.Said is not "asked"))
        {
            output.WriteLine(
                $"  {said.Said} by {said.By} {PromotionText.Instant(said.At)}{Until(said)}{(said.Reason is { } reason ? $": {reason}" : "")}"
            );
            if (said.Uncounted is { } why)
            {
                output.WriteLine($"    does not count: {why}");
            }
        }

        GateText.Write(output, approval.Gate);
        PlanCommand.Write(approval.Plan, output);
    }

    public static string Line(ApprovalView approval) =>
        approval.State is "approved" ? $"{approval.Id} is approved"
        : approval.Gate.Reasons.Count > 0 ? $"{approval.Id} is {approval.State}: {approval.Gate.Reasons[0].What}"
        : $"{approval.Id} is {approval.State}";

    private static void Write(TextWriter output, RequirementView requirement)
    {
        var including =
            requirement.Including.Count == 0 ? "" : $", one of each of {string.Join(", ", requirement.Including)}";
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {requirement.Name}: {requirement.Counted.Count} of {requirement.Count} from {Names(requirement.From)}{including}"
            )
        );
        if (requirement.Counted.Count > 0)
        {
            output.WriteLine($"    agreed: {string.Join(", ", requirement.Counted)}");
        }

        if (requirement.CouldGive.Count > 0)
        {
            output.WriteLine($"    could agree: {string.Join(", ", requirement.CouldGive)}");
        }
    }

    private static string Findings(ApprovalView approval) =>
        approval is { Errors: { } errors, Warnings: { } warnings }
            ? string.Create(CultureInfo.InvariantCulture, $"{errors} errors and {warnings} warnings found")
            : "not validated";

    private static string Until(ApprovalStatementView said) =>
        said.Until is { } until ? $", until {PromotionText.Instant(until)}" : "";

    private static string Names(IReadOnlyList<string> names) => names.Count == 0 ? "-" : string.Join(", ", names);
}
