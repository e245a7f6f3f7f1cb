using System.Diagnostics;
using System.Globalization;

namespace Tidegate.Drivers.Databases;

/// <summary>Runs <c>pg_restore</c> into a database of the site, everything owned by the tenant's owner role.</summary>
internal static class DumpRestore
{
    /// <exception cref="InvalidOperationException">pg_restore failed; the message ends with what it said.</exception>
    public static async Task RunAsync(
        SitePostgres site,
        string program,
        string dump,
        (string Database, string Owner) target,
        CancellationToken cancellationToken,
        string role = DatabaseNames.SiteRole
    )
    {
        var start = new ProcessStartInfo(
            program,
            [
                $"--host={site.SocketDirectory}",
                $"--port={site.Port.ToString(CultureInfo.InvariantCulture)}",
                $"--username={role}",
                $"--dbname={ConnectionName(target.Database)}",
                $"--role={target.Owner}",
                "--no-owner",
                "--no-acl",
                "--no-password",
                "--exit-on-error",
                "--single-transaction",
                "--",
                dump,
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        try
        {
            process.StandardInput.Close();
            var said = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException(
                    $"pg_restore of {dump} ended with exit code {process.ExitCode}: {said.TrimEnd()}"
                );
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    // A bare name with '=' in it would be read as a connection string.
    internal static string ConnectionName(string database) =>
        $"dbname='{database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
