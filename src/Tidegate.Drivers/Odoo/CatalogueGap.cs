using System.Text.Json.Serialization;

namespace Tidegate.Drivers.Odoo;

/// <summary>What can be missing from a catalogue.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GapKind>))]
public enum GapKind
{
    /// <summary>A required field's column may be empty.</summary>
    NotNull,

    /// <summary>A stored field has no column.</summary>
    Column,

    /// <summary>A constraint of a model is not there.</summary>
    Constraint,

    /// <summary>A many2one's column has no foreign key.</summary>
    ForeignKey,

    /// <summary>An index of a model is not there.</summary>
    Index,

    /// <summary>A constraint is there and was never validated.</summary>
    ConstraintValidation,

    /// <summary>An index is there and invalid.</summary>
    IndexValidity,

    /// <summary>A number sequence has no PostgreSQL sequence behind it.</summary>
    Sequence,
}

/// <summary>One thing that should be in the catalogue and is not.</summary>
/// <param name="Name"><c>table.column</c>, <c>table.constraint</c> or a name.</param>
/// <param name="Detail">What is known of it: a definition, a target; or empty.</param>
/// <param name="Rows">Rows that stand in the way, where they were counted.</param>
public sealed record CatalogueGap(GapKind Kind, string Name, string Detail = "", long? Rows = null)
{
    /// <summary>The same gap, whatever is known of it.</summary>
    public (GapKind Kind, string Name) Key => (Kind, Name);

    /// <summary>One sentence for people.</summary>
    public string Sentence =>
        Kind switch
        {
            GapKind.NotNull => $"the column {Name} must not be empty, but Odoo could not set NOT NULL{Because}",
            GapKind.Column => $"the stored field {Name} has no column",
            GapKind.Constraint => $"the constraint {Name} could not be set: {Detail}",
            GapKind.ForeignKey => $"the column {Name} has no foreign key to {Detail}",
            GapKind.Index => $"the index {Name} could not be made: {Detail}",
            GapKind.ConstraintValidation => $"the constraint {Name} exists but was never validated",
            GapKind.IndexValidity => $"the index {Name} exists but is invalid",
            GapKind.Sequence => $"the number sequence {Name} has no PostgreSQL sequence behind it",
        };

    private string Because =>
        Rows switch
        {
            null => "",
            1 => ": 1 row has no value",
            var rows => $": {rows} rows have no value",
        };
}
