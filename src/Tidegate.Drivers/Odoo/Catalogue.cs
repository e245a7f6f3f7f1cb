using System.Collections.Immutable;

namespace Tidegate.Drivers.Odoo;

/// <summary>What a database's catalogue really holds, and what Odoo's own tables say it should hold, at one instant.</summary>
/// <param name="Modules">Every module that is not merely known: installed, or in a <c>to …</c> state, by name.</param>
/// <param name="Columns">Columns of Odoo's tables as <c>table.column</c>, with type and nullability: <c>numeric not null</c>.</param>
/// <param name="Gaps">What should be there and is not. A gap that was there before the release is not held against it.</param>
/// <param name="Constraints">Constraints as <c>table.name</c>, with their definition.</param>
/// <param name="Indexes">Indexes by name, with their definition.</param>
/// <param name="Sequences">Names of sequences.</param>
/// <param name="ViewsFingerprint">A digest over every active view: changes exactly when a view changes.</param>
/// <param name="RowCounts">Estimated rows of the largest tables of a shop, by table; -1 was never analysed.</param>
public sealed record Catalogue(
    ImmutableSortedDictionary<string, ModuleState> Modules,
    ImmutableSortedDictionary<string, string> Columns,
    ImmutableArray<CatalogueGap> Gaps,
    ImmutableSortedDictionary<string, string> Constraints,
    ImmutableSortedDictionary<string, string> Indexes,
    ImmutableSortedSet<string> Sequences,
    string ViewsFingerprint,
    ImmutableSortedDictionary<string, long> RowCounts
)
{
    public static Catalogue Empty { get; } =
        new(
            ImmutableSortedDictionary<string, ModuleState>.Empty,
            ImmutableSortedDictionary<string, string>.Empty,
            [],
            ImmutableSortedDictionary<string, string>.Empty,
            ImmutableSortedDictionary<string, string>.Empty,
            [],
            "",
            ImmutableSortedDictionary<string, long>.Empty
        );
}

/// <summary>A module's state and its installed version, which Odoo calls <c>latest_version</c>.</summary>
public sealed record ModuleState(string State, string? Version)
{
    /// <summary><c>to install</c>, <c>to upgrade</c> or <c>to remove</c>: an update is unfinished.</summary>
    public bool IsTransient => State.StartsWith("to ", StringComparison.Ordinal);
}
