using System.Diagnostics;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>
/// What <c>pg_dump</c> writes, as it writes it. It ends only when pg_dump ended well: a dump that was killed is an
/// exception for whoever reads it, never a short file.
/// </summary>
internal sealed class DumpStream : PieceStream
{
    private const int PieceBytes = 80 << 10;

    private readonly Process _process;
    private readonly string _database;
    private readonly Task<string> _said;
    private readonly byte[] _piece = new byte[PieceBytes];

    private DumpStream(Process process, string database)
    {
        _process = process;
        _database = database;
        _said = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The process, for whoever wants to know about it.</summary>
    public int Pid => _process.Id;

    /// <param name="snapshot">Of a session that stays open for as long as this is read.</param>
    /// <param name="applicationName">How its session is named.</param>
    public static DumpStream Start(
        PostgresTool tools,
        SitePostgres site,
        string database,
        string snapshot,
        string applicationName,
        string role = DatabaseNames.SiteRole
    )
    {
        var start = new ProcessStartInfo(
            tools.PgDump,
            [
                .. PostgresTool.To(site, role),
                "--format=custom",
                // The cheapest compression of PostgreSQL 15; more costs three times the time for a tenth of the size.
                "--compress=1",
                $"--snapshot={snapshot}",
                "--lock-wait-timeout=60s",
                $"--dbname={DumpRestore.ConnectionName(database)}",
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["PGAPPNAME"] = applicationName;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process, database);
    }

    protected override async ValueTask<byte[]?> NextAsync(CancellationToken cancellationToken)
    {
        var count = await _process.StandardOutput.BaseStream.ReadAsync(_piece, cancellationToken);
        if (count > 0)
        {
            return _piece[..count];
        }

        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode == 0
            ? null
            : throw new JobFailedException(
                $"pg_dump of {_database} ended with exit code {_process.ExitCode}: {Complaint(await _said)} Order the backup again."
            );
    }

    private static string Complaint(string said) => said.Trim() is { Length: > 0 } text ? text : "it said nothing.";

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            _process.Dispose();
        }

        base.Dispose(disposing);
    }
}
