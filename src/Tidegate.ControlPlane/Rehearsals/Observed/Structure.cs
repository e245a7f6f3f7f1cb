using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Rehearsals.Observed;

/// <summary>The structure of a database's schema <c>public</c> at one instant.</summary>
/// <param name="Extensions">Name and version, <c>pg_trgm 1.6</c>.</param>
public sealed record Structure(
    ImmutableArray<RelationState> Relations,
    ImmutableArray<ColumnState> Columns,
    ImmutableArray<ConstraintState> Constraints,
    ImmutableArray<IndexState> Indexes,
    ImmutableArray<SequenceState> Sequences,
    ImmutableArray<EnumState> Enums,
    ImmutableArray<string> Extensions
)
{
    public static Structure Empty { get; } = new([], [], [], [], [], [], []);

    public RelationState? Find(string relation) =>
        Relations.FirstOrDefault(item => string.Equals(item.Name, relation, StringComparison.Ordinal));
}

/// <summary>A table, index, sequence or view.</summary>
/// <param name="Kind"><c>r</c> table, <c>i</c> index, <c>S</c> sequence, <c>v</c> view, <c>m</c> materialised view.</param>
/// <param name="FileNode">Changes when the relation is written anew.</param>
/// <param name="Tablespace">0 is the database's own.</param>
/// <param name="Rights">The access list, or empty.</param>
/// <param name="DisabledTriggers">Triggers that do not fire.</param>
public sealed record RelationState(
    string Name,
    long Oid,
    long FileNode,
    string Kind,
    long Tablespace,
    string Owner,
    string Rights,
    long Bytes,
    ImmutableArray<string> DisabledTriggers
);

/// <summary>A column of a table.</summary>
/// <param name="Number">Its number in the table: a column that is renamed keeps it.</param>
/// <param name="Type"><c>character varying</c>, without its modifier.</param>
/// <param name="Modifier">Length, or precision and scale, as PostgreSQL stores it; -1 is none.</param>
public sealed record ColumnState(
    string Table,
    int Number,
    string Name,
    string Type,
    int Modifier,
    bool IsRequired,
    bool HasDefault
)
{
    public string Key => $"{Table}.{Name}";

    /// <summary>The most characters of a text; null without a limit or for another type.</summary>
    public int? Length => Modifier > 4 && Type is "character varying" or "character" ? Modifier - 4 : null;

    /// <summary>Digits after the point of a number; null without a limit or for another type.</summary>
    public int? Scale => Modifier > 4 && Type is "numeric" ? (Modifier - 4) & 0x7ff : null;
}

/// <summary>A constraint of a table.</summary>
/// <param name="Kind"><c>c</c> check, <c>f</c> foreign key, <c>p</c> primary key, <c>u</c> unique, <c>x</c> exclusion.</param>
/// <param name="Index">The index behind it, or null.</param>
public sealed record ConstraintState(
    string Table,
    string Name,
    string Kind,
    bool IsValidated,
    string Definition,
    string? Index,
    ImmutableArray<string> Columns
)
{
    public string Key => $"{Table}.{Name}";
}

/// <summary>An index.</summary>
public sealed record IndexState(
    string Name,
    string Table,
    ImmutableArray<string> Columns,
    bool IsUnique,
    bool IsPrimary,
    bool IsValid
);

/// <summary>A sequence.</summary>
/// <param name="Last">The last number that was given out; null when none was.</param>
/// <param name="Limit">The greatest number that its column can hold: <see cref="int.MaxValue"/> for an <c>int4</c> id.</param>
public sealed record SequenceState(string Name, long? Last, long Limit);

/// <summary>An enumeration type with its values, in order.</summary>
public sealed record EnumState(string Name, ImmutableArray<string> Values);
