using System.Text.Json;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Gates;

namespace Tidegate.Server.Commands;

/// <summary>What validating a release came to, for people and for programs.</summary>
internal static class ValidationReport
{
    /// <summary>By module; why and how to mend are told once a code, at its first finding.</summary>
    public static void Write(TextWriter output, Validation validation)
    {
        var explained = new HashSet<string>(StringComparer.Ordinal);
        foreach (var module in validation.Findings.GroupBy(finding => finding.Module, StringComparer.Ordinal))
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
