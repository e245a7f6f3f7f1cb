using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>One class that declares or extends a model.</summary>
/// <param name="Name">Null when only running the code would tell.</param>
/// <param name="Creates">It is a model of its own, not an extension.</param>
/// <param name="Delegates"><c>_inherits</c>: model and the field that leads to it.</param>
/// <param name="Kind"><c>model</c>, <c>transient</c>, <c>abstract</c>.</param>
/// <param name="Open">Its name or its parents are made by code.</param>
/// <param name="Loaded">The file is imported with the module.</param>
/// <param name="Auto">False: Odoo makes no table for it.</param>
/// <param name="Rules">Constraints and indexes.</param>
public sealed record ModelFact(
    string? Name,
    bool Creates,
    ImmutableArray<string> Inherit,
    ImmutableDictionary<string, string> Delegates,
    string Kind,
    string File,
    int Line,
    bool Open,
    ImmutableArray<FieldFact> Fields,
    ImmutableArray<RuleFact> Rules,
    bool Loaded = true,
    bool Auto = true
);

/// <summary>One declaration of a field; what it does not say is null.</summary>
/// <param name="Type">The class: <c>Char</c>, <c>Many2one</c>.</param>
/// <param name="Compute">The method; <c>?</c> when it is given by code. The same for the texts below.</param>
/// <param name="Default">True when there is one that is not None.</param>
public sealed record FieldFact(
    string Name,
    string Type,
    int Line,
    bool? Required = null,
    bool? Store = null,
    bool? Default = null,
    bool? Index = null,
    string? Compute = null,
    string? Related = null,
    string? Comodel = null,
    string? Inverse = null,
    ImmutableArray<string> Selection = default
)
{
    /// <summary>Whether the table has a column for it, going by this declaration alone.</summary>
    public bool HasColumn => Type is not ("One2many" or "Many2many") && IsStored;

    /// <summary>Computed and related fields are stored only when they say so.</summary>
    public bool IsStored => Store ?? (Compute is null && Related is null);
}

/// <param name="Definition">What it says, in a form that only serves to compare.</param>
public sealed record RuleFact(string Name, int Line, string Definition);
