using Tidegate.Contracts.Releases;

namespace Tidegate.Cli.Releases;

/// <summary>A release for people.</summary>
public static class ReleaseText
{
    private const string Unknown = "unknown";

    /// <summary>Where the API has something of a release. A name that is typed may hold anything.</summary>
    public static string Path(string name, params IEnumerable<string> more) =>
        $"/api/releases/{string.Join('/', new[] { name }.Concat(more).Select(Uri.EscapeDataString))}";

    public static string Findings(int errors, int warnings, int infos) =>
        $"{Count(errors, "error")}, {Count(warnings, "warning")}, {Count(infos, "note")}";

    public static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";

    /// <summary>Everything that is recorded of a release; of its modules, those that are not Odoo's own.</summary>
    public static void Write(TextWriter output, ReleaseDetails details)
    {
        var release = details.Release;
        Line(output, "release", release.Name);
        Line(output, "digest", release.Digest);
        Line(output, "odoo", release.Odoo ?? Unknown);
        Line(output, "registered", $"{release.RegisteredAt:u} by {release.RegisteredBy}");
        Line(
            output,
            "block",
            release.Block is { } block ? $"by {block.By} since {block.At:u}: {block.Reason}" : "none"
        );
        Line(output, "commit", release.Commit ?? Unknown);
        WriteSource(output, details.Source);
        WritePython(output, details.Python);
        WriteNotes(output, release);
        WriteModules(output, details.Modules);
        WriteValidation(output, release.Validation, details.Report);
    }

    public static void WriteSource(TextWriter output, IReadOnlyList<SourceView> source)
    {
        foreach (var folder in source)
        {
            var state = folder.Clean switch
            {
                true => ", clean",
                false => ", with other files than the commit's",
                null => "",
            };
            var unknown = folder.Unknown is { } why ? $" ({why})" : "";
            Line(output, folder.Role, $"{folder.Folder}: {folder.Commit ?? Unknown}{state}{unknown}");
        }
    }

    public static void WritePython(TextWriter output, PythonView? python)
    {
        var missing = python?.Distributions.Where(item => item.Value is null).Select(item => item.Key).ToList() ?? [];
        Line(
            output,
            "python",
            python is null ? Unknown
                : missing.Count == 0 ? $"{python.Version}, with all {python.Distributions.Count} that modules declare"
                : $"{python.Version}, without {string.Join(", ", missing)} of {python.Distributions.Count} that modules declare"
        );
    }

    private static void WriteNotes(TextWriter output, ReleaseView release)
    {
        Line(output, "risk", release.RiskReason.Length > 0 ? $"{release.Risk}: {release.RiskReason}" : release.Risk);
        if (release.Summary.Length > 0)
        {
            Line(output, "summary", release.Summary);
        }

        if (release.DeclaredPriceChanges.Count > 0)
        {
            Line(output, "prices", string.Join(", ", release.DeclaredPriceChanges));
        }

        if (release.DeclaredDrops.Count > 0)
        {
            Line(output, "drops", string.Join(", ", release.DeclaredDrops));
        }

        foreach (var change in release.DeclaredBehaviourChanges)
        {
            Line(output, "changes", change);
        }
    }

    private static void WriteModules(TextWriter output, IReadOnlyList<ReleaseModuleView>? modules)
    {
        var addons = modules?.Where(module => module.Path.StartsWith("addons/", StringComparison.Ordinal)).ToList();
        Line(output, "modules", modules is null ? Unknown : $"{modules.Count}, {addons!.Count} of them not Odoo's own");
        foreach (var module in addons ?? [])
        {
            var scripts = module.Migrations is { Count: > 0 } migrations
                ? $", {Count(migrations.Count, "migration script")}"
                : "";
            output.WriteLine($"  {module.Name} {module.Version}, {module.Licence ?? "no licence"}{scripts}");
        }
    }

    private static void WriteValidation(TextWriter output, EndedValidation? ended, ValidationReport? report)
    {
        if (ended is null)
        {
            Line(output, "validated", "no");
            return;
        }

        var against = ended.From is { } from ? $"against {from}" : "alone";
        Line(output, "class", ended.Class is { } proposed ? $"{proposed}, proposed {against}" : Unknown);
        foreach (var reason in (report?.Proposal?.Evidence ?? []).Take(3))
        {
            output.WriteLine(
                $"  {reason.Class}  {string.Join('/', new[] { reason.Module, reason.File }.OfType<string>())}: {reason.What}"
            );
        }

        Line(output, "validated", $"{ended.At:u} {against}: {Findings(ended.Errors, ended.Warnings, ended.Infos)}");
        foreach (var gate in report?.Gates ?? [])
        {
            var said =
                gate.Reason
                ?? (
                    gate.Errors + gate.Warnings + gate.Infos > 0 ? Findings(gate.Errors, gate.Warnings, gate.Infos) : ""
                );
            output.WriteLine($"  {gate.Verdict, -12}  {gate.Gate}{(said.Length > 0 ? $": {said}" : "")}");
        }
    }

    private static void Line(TextWriter output, string what, string value) => output.WriteLine($"{what, -11}{value}");
}
