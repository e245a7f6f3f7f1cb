using Tidegate.Cli.Releases;
using Tidegate.Contracts.Releases;

namespace Tidegate.Server.Commands;

/// <summary>What validating a release came to, for people.</summary>
internal static class ValidationText
{
    private const int MostEvidence = 8;

    /// <summary>By module; why and how to mend are told once a code, at its first finding.</summary>
    /// <param name="all">Also what is no error and Odoo's own: nobody here can mend it.</param>
    public static void Write(TextWriter output, ValidationReport validation, bool all)
    {
        var addons = (validation.Addons ?? []).ToHashSet(StringComparer.Ordinal);
        var explained = new HashSet<string>(StringComparer.Ordinal);
        var shown = validation.Findings.Where(finding => all || Concerns(finding, addons)).ToList();
        foreach (var module in shown.GroupBy(finding => finding.Module, StringComparer.Ordinal))
        {
            output.WriteLine(module.Key ?? "the release");
            foreach (var finding in module)
            {
                var place = Place(finding);
                output.WriteLine($"  {finding.Severity, -7}  {finding.Code}  {place}{finding.What}");
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

        if (shown.Count < validation.Findings.Count)
        {
            output.WriteLine(
                $"{validation.Findings.Count - shown.Count} warnings and notes about Odoo's own modules are not shown; --all shows them"
            );
        }

        output.WriteLine(
            $"{(validation.Errors > 0 ? "FAIL" : "PASS")}  {validation.Modules} modules of Odoo {validation.Odoo ?? "unknown"}: {ReleaseText.Findings(validation.Errors, validation.Warnings, validation.Infos)}"
        );
    }

    private static bool Concerns(FindingView finding, HashSet<string> addons) =>
        finding.Severity is "error" || finding.Module is not { } module || addons.Contains(module);

    private static void WriteProposal(TextWriter output, ProposalView proposal)
    {
        output.WriteLine($"proposed class {proposal.Class}, to be proven by a rehearsal");
        foreach (var reason in proposal.Evidence.Take(MostEvidence))
        {
            var place = string.Join('/', new[] { reason.Module, reason.File }.OfType<string>());
            output.WriteLine($"  {reason.Class}  {(place.Length > 0 ? $"{place}: " : "")}{reason.What}");
        }

        if (proposal.Evidence.Count > MostEvidence)
        {
            output.WriteLine($"  and {proposal.Evidence.Count - MostEvidence} more; --json has them all");
        }
    }

    private static string Place(FindingView finding) =>
        finding.File is not { Length: > 0 } file ? ""
        : finding.Line is { } line ? FormattableString.Invariant($"{file}:{line}: ")
        : $"{file}: ";
}
