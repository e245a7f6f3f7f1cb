using System.Diagnostics;
using Npgsql;
using Tidegate.ControlPlane.Measurements;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Measurements;

/// <summary>Tries the disk below this site's PostgreSQL, right beside its data folder: there no backup takes what is tried.</summary>
public sealed class DiskProbe(SiteLayout layout) : IHostProbe
{
    private const int Size = 32 << 20;
    private const string Prefix = "probe.";

    public async Task<HostProbe?> ProbeAsync(CancellationToken cancellationToken)
    {
        string? method;
        try
        {
            await using var session = await layout.Cluster.OpenAsync(
                SitePostgres.Maintenance,
                DatabaseNames.SiteRole,
                cancellationToken
            );
            method = await session.ScalarAsync<string?>(
                "select current_setting('file_copy_method', true)",
                [],
                cancellationToken
            );
        }
        catch (NpgsqlException)
        {
            return null; // it does not answer
        }

        Remove(); // what a server left that was killed here
        var source = Path.Combine(layout.Postgres, $"{Prefix}source");
        var copy = Path.Combine(layout.Postgres, $"{Prefix}copy");
        try
        {
            var content = new byte[Size];
            Random.Shared.NextBytes(content); // what repeats could be stored in less
            await File.WriteAllBytesAsync(source, content, cancellationToken);
            var refused = Native.Clone(source, copy);
            var clone = refused is null ? await File.ReadAllBytesAsync(copy, cancellationToken) : [];
            var cloned = clone.SequenceEqual(content);
            return new(cloned, refused ?? (cloned ? "cloned" : "the clone differs"), method, Pace(content, copy));
        }
        finally
        {
            Remove();
        }
    }

    public long FreeBytes() => new DriveInfo(layout.PostgresData).AvailableFreeSpace;

    private void Remove()
    {
        foreach (var left in Directory.EnumerateFiles(layout.Postgres, $"{Prefix}*"))
        {
            File.Delete(left);
        }
    }

    private static double Pace(byte[] content, string path)
    {
        var began = Stopwatch.GetTimestamp();
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        return Size / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
