using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Catalog.Gates;

namespace Tidegate.ControlPlane.Catalog.Validations;

/// <summary>A validation in the form in which it is kept and told.</summary>
public static class ValidationReports
{
    public static ValidationReport Of(Validation validation)
    {
        var counts = FindingCounts.Of(validation.Findings);
        return new(
            ValidationReport.CurrentSchema,
            counts.Errors > 0 ? "fail" : "pass",
            validation.Odoo,
            validation.Modules,
            counts.Errors,
            counts.Warnings,
            validation.Proposal is not { } proposal
                ? null
                : new(
                    proposal.Class.ToString(),
                    [
                        .. proposal.Evidence.Select(reason => new EvidenceView(
                            reason.Class.ToString(),
                            reason.What,
                            reason.Module,
                            reason.File,
                            reason.Line
                        )),
                    ]
                ),
            [.. validation.Findings.Select(Finding)],
            counts.Infos,
            [.. Verdicts(validation)],
            validation.Addons
        );
    }

    /// <summary>What each gate said. One that had nothing to look at says so: that is no pass.</summary>
    private static IEnumerable<GateVerdictView> Verdicts(Validation validation)
    {
        var gateOf = StaticGates
            .All.SelectMany(gate => gate.Rules.Select(rule => (rule.Code, Gate: gate)))
            .ToDictionary(rule => rule.Code, rule => rule.Gate, StringComparer.Ordinal);
        var findings = validation.Findings.ToLookup(finding => gateOf[finding.Code]);
        return StaticGates.All.Select(gate =>
        {
            var counts = FindingCounts.Of([.. findings[gate]]);
            var unasked =
                validation.Odoo is null && gate != SourceGate.Gate ? "there is no Odoo to judge"
                : gate.NeedsBefore && validation.Proposal is null ? "no release before was named"
                : null;
            return new GateVerdictView(
                gate.Name,
                counts.Errors > 0 ? "fail"
                    : unasked is not null ? "inconclusive"
                    : "pass",
                counts.Errors,
                counts.Warnings,
                counts.Infos,
                counts.Errors > 0 ? null : unasked
            );
        });
    }

    private static FindingView Finding(Finding finding) =>
        new(
            finding.Code,
            Word(finding.Severity),
            finding.What,
            finding.Why,
            finding.Mend,
            finding.Module,
            finding.File,
            finding.Line
        );

    private static string Word(Severity severity) =>
        severity switch
        {
            Severity.Error => "error",
            Severity.Warning => "warning",
            Severity.Info => "info",
        };
}
