using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>How much a finding weighs.</summary>
public enum Severity
{
    /// <summary>The release must not ship: it breaks, or silently does not do what it says.</summary>
    Error,

    /// <summary>It works, but somebody should know before it ships.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Info,
}

/// <summary>One thing that a gate found in a release.</summary>
/// <param name="Code">Stable; <c>docs/gates.md</c> explains it.</param>
/// <param name="What">What is wrong, in one sentence.</param>
/// <param name="Why">What would come of it.</param>
/// <param name="Mend">What to do.</param>
/// <param name="Module">Null where it concerns no single module.</param>
/// <param name="File">Below the module's folder, or absolute where there is no module.</param>
public sealed record Finding(
    string Code,
    Severity Severity,
    string What,
    string Why,
    string Mend,
    string? Module = null,
    string? File = null,
    int? Line = null
)
{
    /// <summary><c>promo/models/sale.py:12</c>, as much of it as is known.</summary>
    public string Where =>
        string.Join('/', new[] { Module, File }.Where(part => !string.IsNullOrEmpty(part)))
        + (Line is { } line && !string.IsNullOrEmpty(File) ? FormattableString.Invariant($":{line}") : "");
}

/// <summary>One rule of a gate.</summary>
/// <param name="Code">Kebab-case, never reused for something else.</param>
/// <param name="Severity">What its findings weigh unless one says otherwise.</param>
/// <param name="Title">What it finds, for the list of rules.</param>
public sealed record GateRule(string Code, Severity Severity, string Title, string Why, string Mend)
{
    /// <summary>A finding in a module.</summary>
    internal Finding In(ModuleView module, string? file, int? line, string what, Severity? severity = null) =>
        new(Code, severity ?? Severity, what, Why, Mend, module.Name, file, line);
}
