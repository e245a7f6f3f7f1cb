using System.Text.Json;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Validations;

namespace Tidegate.Server.Commands;

/// <summary>What validating a release came to, for people and for programs.</summary>
internal static class ValidationReport
{
    private const int MostEvidence = 8;

    /// <summary>By module; why and how to mend are told once a code, at its first finding.</summary>
    /// <param name="all">Also what is no error and Odoo's own: nobody here can mend it.</param>
    public static void Write(TextWriter output, Validation validation, bool all)
    {
        var explained = new HashSet<string>(StringComparer.Ordinal);
        var shown = validation.Findings.Where(finding => all || Concerns(finding, validation)).ToList();
        foreach (var module in shown.GroupBy(finding => finding.Module, StringComparer.Ordinal))
        {
            output.WriteLine(module.Key ?? "the release");
            foreach (var finding in module)
            {
                var place = Place(finding);
                output.WriteLine($"  {Word(finding.Severity), -7}  {finding.Code}  {place}{finding.What}");
                if (explained.Add(finding.Code))
                {
                    output.WriteLine($"           why:  {finding.Why}");
                    output.WriteLine($"           mend: {finding.Mend}");
                }
            }
        }

        if (validation.Proposal is { } proposal)
        {
            WriteProposal(output, proposal);
        }

        if (shown.Count < validation.Findings.Length)
        {
            output.WriteLine(
                $"{validation.Findings.Length - shown.Count} warnings and notes about Odoo's own modules are not shown; --all shows them"
            );
        }

        var infos = validation.Findings.Length - validation.Errors - validation.Warnings;
        output.WriteLine(
            $"{(validation.Errors > 0 ? "FAIL" : "PASS")}  {validation.Modules} modules of Odoo {validation.Odoo ?? "unknown"}: {Count(validation.Errors, "error")}, {Count(validation.Warnings, "warning")}, {Count(infos, "note")}"
        );
    }

    public static void WriteJson(TextWriter output, Validation validation) =>
        output.WriteLine(
            JsonSerializer.Serialize(
                new
                {
                    schema = "tidegate.validation/1",
                    outcome = validation.Errors > 0 ? "fail" : "pass",
                    odoo = validation.Odoo,
                    modules = validation.Modules,
                    errors = validation.Errors,
                    warnings = validation.Warnings,
                    proposal = validation.Proposal is { } proposal
                        ? new
                        {
                            @class = proposal.Class.ToString(),
                            evidence = proposal.Evidence.Select(reason => new
                            {
                                @class = reason.Class.ToString(),
                                what = reason.What,
                                module = reason.Module,
                                file = reason.File,
                                line = reason.Line,
                            }),
                        }
                        : null,
                    findings = validation.Findings.Select(finding => new
                    {
                        code = finding.Code,
                        severity = Word(finding.Severity),
                        what = finding.What,
                        why = finding.Why,
                        mend = finding.Mend,
                        module = finding.Module,
                        file = finding.File,
                        line = finding.Line,
                    }),
                },
                CatalogJson.Options
            )
        );

    private static bool Concerns(Finding finding, Validation validation) =>
        finding.Severity is Severity.Error || finding.Module is not { } module || validation.Addons.Contains(module);

    private static void WriteProposal(TextWriter output, ClassProposal proposal)
    {
        output.WriteLine($"proposed class {proposal.Class}, to be proven by a rehearsal");
        foreach (var reason in proposal.Evidence.Take(MostEvidence))
        {
            var place = string.Join('/', new[] { reason.Module, reason.File }.OfType<string>());
            output.WriteLine($"  {reason.Class}  {(place.Length > 0 ? $"{place}: " : "")}{reason.What}");
        }

        if (proposal.Evidence.Length > MostEvidence)
        {
            output.WriteLine($"  and {proposal.Evidence.Length - MostEvidence} more; --json has them all");
        }
    }

    private static string Place(Finding finding) =>
        finding.File is not { Length: > 0 } file ? ""
        : finding.Line is { } line ? FormattableString.Invariant($"{file}:{line}: ")
        : $"{file}: ";

    private static string Word(Severity severity) =>
        severity switch
        {
            Severity.Error => "error",
            Severity.Warning => "warning",
            Severity.Info => "info",
        };

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
