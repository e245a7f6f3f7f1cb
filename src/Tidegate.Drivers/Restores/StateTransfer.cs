using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Restores;

/// <summary>
/// Carries a database out of a side cluster into the site's, by dump and restore: files cannot be carried, since numbers
/// of transactions in them mean something in their own cluster only. Everything is owned by the tenant's owner role.
/// </summary>
internal sealed class StateTransfer(SiteLayout layout)
{
    private const string Jobs = "--jobs=2";

    /// <param name="folder">For the dump meanwhile.</param>
    /// <exception cref="JobFailedException">pg_dump or pg_restore failed.</exception>
    public async Task RunAsync(
        SitePostgres side,
        string from,
        StateDatabase to,
        string folder,
        CancellationToken cancellationToken
    )
    {
        var tools = PostgresTool.Of(layout);
        await RunAsync(
            tools.PgDump,
            [
                .. PostgresTool.To(side, SitePostgres.Superuser),
                "--format=directory",
                Jobs,
                "--compress=0",
                $"--file={folder}",
                $"--dbname={DumpRestore.ConnectionName(from)}",
            ],
            cancellationToken
        );
        try
        {
            await RunAsync(
                tools.PgRestore,
                [
                    .. PostgresTool.To(to.Site, DatabaseNames.SiteRole),
                    $"--dbname={DumpRestore.ConnectionName(to.Name)} application_name='{to.SessionName}' options='-c synchronous_commit=off -c maintenance_work_mem=256MB'",
                    $"--role={to.Owner}",
                    "--no-owner",
                    "--no-acl",
                    "--exit-on-error",
                    Jobs,
                    "--",
                    folder,
                ],
                cancellationToken
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    )
    {
        var answer = await Tool.RunAsync(program, arguments, cancellationToken);
        if (answer.ExitCode != 0)
        {
            throw new JobFailedException(
                $"{Path.GetFileName(program)} ended with exit code {answer.ExitCode}: {answer.Complaint}"
            );
        }
    }
}
