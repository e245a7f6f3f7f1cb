using System.Globalization;
using System.Text;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Rehearsals.Probing;

/// <summary>A place in a server's log, from which on it is read.</summary>
/// <param name="Path">The file.</param>
/// <param name="From">Bytes that were there before.</param>
internal sealed record ServerLog(string Path, long From)
{
    /// <summary>Where the log of the cluster ends now.</summary>
    /// <param name="session">As the superuser.</param>
    /// <exception cref="JobFailedException">It is not a file that we can read.</exception>
    public static async Task<ServerLog> EndAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        var path = await PathAsync(session, cancellationToken);
        try
        {
            return new(path, new FileInfo(path).Length);
        }
        catch (IOException unreadable)
        {
            throw new JobFailedException(
                $"the log {path} of PostgreSQL cannot be read: {unreadable.Message}",
                unreadable
            );
        }
    }

    /// <summary>Everything since, line by line. The log may be of any size.</summary>
    public IEnumerable<string> Lines()
    {
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(From, SeekOrigin.Begin);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static async Task<string> PathAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        var data = await session.ScalarAsync<string>("select current_setting('data_directory')", [], cancellationToken);
        if (await session.ScalarAsync<string>("select pg_current_logfile('stderr')", [], cancellationToken) is { } own)
        {
            return System.IO.Path.Combine(data!, own);
        }

        // Without a collector it goes where its standard error does.
        var first = File.ReadLines(System.IO.Path.Combine(data!, "postmaster.pid")).First();
        var pid = int.Parse(first, CultureInfo.InvariantCulture);
        var link = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd/2"));
        return link.LinkTarget is { } target && File.Exists(target)
            ? target
            : throw new JobFailedException(
                $"PostgreSQL {pid} in {data} logs to {link.LinkTarget ?? "nowhere"}, and what a migration does is read from a file; start it with a file as its standard error."
            );
    }
}
