using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>A module that keeps credentials also says how a copy forgets them.</summary>
internal static partial class NeutralizeGate
{
    private const string Script = "data/neutralize.sql";

    private static readonly GateRule Missing = new(
        "neutralize-missing",
        Severity.Warning,
        "A module stores credentials and brings no data/neutralize.sql",
        "Neutralising a copy passes the module over in silence: rehearsals and staging speak to the real bank, carrier or mail server.",
        "Add data/neutralize.sql with UPDATE statements that empty or disable them."
    );

    public static StaticGate Gate { get; } = new("neutralisation", [Missing], Judge);

    private static IEnumerable<Finding> Judge(GateInput input) =>
        input.Release.Modules.Values.Where(module => !module.HasFile(Script)).Select(Judge).OfType<Finding>();

    private static Finding? Judge(ModuleView module)
    {
        var found = (
            from model in module.Facts.Models
            where model is { Loaded: true, Kind: "model" }
            from field in model.Fields
            where field.IsStored && field.Type is "Char" or "Text" or "Binary" && Credential().IsMatch(field.Name)
            select (model, field)
        ).ToList();
        if (found.Count == 0)
        {
            return null;
        }

        var (first, named) = found[0];
        var more = found.Count > 1 ? $" and {found.Count - 1} more fields" : "";
        var elsewhere = module.Files.FirstOrDefault(file =>
            file.Path.EndsWith("neutralize.sql", StringComparison.Ordinal)
        );
        var lost = elsewhere is null ? "" : $"; Odoo does not look at {elsewhere.Path}";
        return Missing.In(
            module,
            first.File,
            named.Line,
            $"{first.Name} keeps {named.Name}{more}, and there is no {Script}{lost}"
        );
    }

    [GeneratedRegex(
        @"(^|_)(password|passwd|passphrase|secret|api_?key|private_key|client_secret|auth_token|refresh_token|secret_key|access_key|credentials?|license_key)(_|$)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Credential();
}
