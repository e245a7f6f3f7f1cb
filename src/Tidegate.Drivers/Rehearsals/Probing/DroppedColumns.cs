using System.Collections.Immutable;
using Tidegate.ControlPlane.Rehearsals.Observed;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Rehearsals.Probing;

/// <summary>What was in columns that a migration removed, counted in the original that the migrated copy was made of.</summary>
internal static class DroppedColumns
{
    /// <param name="original">Null when it is not there any more.</param>
    public static async Task<ImmutableArray<DroppedColumn>> CountAsync(
        SitePostgres postgres,
        string? original,
        (Structure Before, Structure After) structures,
        CancellationToken cancellationToken
    )
    {
        var gone = Find(structures.Before, structures.After).ToList();
        if (gone.Count == 0 || original is null)
        {
            return [.. gone.Select(column => new DroppedColumn(column.Table, column.Name, null))];
        }

        await using var session = await postgres.OpenAsync(original, SitePostgres.Superuser, cancellationToken);
        var counted = ImmutableArray.CreateBuilder<DroppedColumn>();
        foreach (var column in gone)
        {
            var rows = await session.ScalarAsync<long>(
                $"select count({Sql.Name(column.Name)}) from public.{Sql.Name(column.Table)}",
                [],
                cancellationToken
            );
            counted.Add(new(column.Table, column.Name, rows));
        }

        return counted.ToImmutable();
    }

    /// <summary>By number: a column that was renamed is still there. Of a table that is gone another rule tells.</summary>
    private static IEnumerable<ColumnState> Find(Structure before, Structure after)
    {
        var there = after.Columns.Select(column => (column.Table, column.Number)).ToHashSet();
        return before.Columns.Where(column =>
            after.Find(column.Table) is { } table
            && before.Find(column.Table)?.Oid == table.Oid
            && !there.Contains((column.Table, column.Number))
        );
    }
}
