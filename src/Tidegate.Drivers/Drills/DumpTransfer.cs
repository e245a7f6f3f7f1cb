using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Drills;

/// <summary>Carries a database over by dump and restore, as from one cluster into another.</summary>
internal sealed class DumpTransfer(SiteLayout layout)
{
    /// <returns>Bytes of the dump.</returns>
    /// <exception cref="JobFailedException">pg_dump or pg_restore failed.</exception>
    public async Task<long> RunAsync(
        SideCluster side,
        (string From, string To) databases,
        CancellationToken cancellationToken
    )
    {
        var tools = PostgresTool.Of(layout);
        var dump = Path.Combine(Path.GetDirectoryName(side.Folder)!, "carried.dump");
        await using (
            var session = await side.Postgres.OpenAsync(
                SitePostgres.Maintenance,
                SitePostgres.Superuser,
                cancellationToken
            )
        )
        {
            await session.ExecuteAsync(
                $"CREATE DATABASE {Sql.Name(databases.To)} TEMPLATE template0",
                cancellationToken
            );
        }

        try
        {
            await RunAsync(
                tools.PgDump,
                ["--format=custom", "--compress=1", $"--file={dump}", .. Reach(databases.From)]
            );
            await RunAsync(tools.PgRestore, ["--exit-on-error", .. Reach(databases.To), dump]);
            return new FileInfo(dump).Length;
        }
        finally
        {
            File.Delete(dump);
        }

        async Task RunAsync(string program, IEnumerable<string> arguments)
        {
            var answer = await Tool.RunAsync(program, arguments, cancellationToken);
            if (answer.ExitCode != 0)
            {
                throw new JobFailedException(
                    $"{Path.GetFileName(program)} ended with {answer.ExitCode}: {answer.Complaint}"
                );
            }
        }

        IEnumerable<string> Reach(string database) =>
            [.. PostgresTool.To(side.Postgres, SitePostgres.Superuser), $"--dbname={database}"];
    }
}
