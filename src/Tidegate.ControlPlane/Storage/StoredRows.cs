using Npgsql;

namespace Tidegate.ControlPlane.Storage;

/// <summary>Values into a command and out of a row, where null is null.</summary>
internal static class StoredRows
{
    /// <summary>Sets <c>$1</c>, <c>$2</c>, … in this order.</summary>
    public static void Bind(this NpgsqlCommand command, params IEnumerable<object?> values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
    }

    public static string? Text(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset? Instant(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
