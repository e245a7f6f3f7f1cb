using System.Collections.Immutable;

namespace Tidegate.Drivers.Restores;

/// <summary>Rows that are the trace of something that left the building.</summary>
/// <param name="What">For people, many: <c>labels bought</c>.</param>
/// <param name="Condition">Which rows, as SQL about alias <c>t</c>.</param>
/// <param name="Needs">Columns that the condition reads: without them there is no such trace.</param>
/// <param name="Name">The column that people know it by; null when none does.</param>
internal sealed record LeftTrace(
    string What,
    string Table,
    string Condition,
    ImmutableArray<string> Needs,
    string? Name,
    bool IsIrrevocable
)
{
    public bool IsIn(TableColumns columns) => Needs.All(column => columns.Has(Table, column));
}
