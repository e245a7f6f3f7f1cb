namespace Tidegate.Drivers.Databases;

/// <summary>Whether the disk of PostgreSQL takes a copy of a database.</summary>
internal static class DiskRoom
{
    /// <summary>Free on the file system of the data directory.</summary>
    public static async Task<long> FreeAsync(PostgresSession session, CancellationToken cancellationToken) =>
        new DriveInfo(
            await session.ScalarAsync<string>("show data_directory", [], cancellationToken)
                ?? throw new InvalidOperationException("PostgreSQL does not say where its data is.")
        ).AvailableFreeSpace;

    /// <summary>Null when there is room for the copy, and the write-ahead log of the migration beside it.</summary>
    public static string? Refusal(string database, long size, long free)
    {
        var needed = size + (size / 5);
        return free >= needed
            ? null
            : $"The copy of database {database} needs {needed >> 20} MB, 1.2 times its size, and the disk of PostgreSQL has {free >> 20} MB free. Free some, or drop a checkpoint: tidegate checkpoint list.";
    }
}
