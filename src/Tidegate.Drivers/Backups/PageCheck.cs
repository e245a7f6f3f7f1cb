using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Backups;

/// <summary>
/// Has pg_amcheck read every table and index of a side cluster, each index in its order and from its root, and each row
/// looked up in its indexes: what changed before a page got its checksum is found so, where an index knows better.
/// </summary>
public sealed class PageCheck(SiteLayout layout)
{
    private const int MostLines = 5;

    /// <returns>What is wrong, with the relation's name; null when nothing is.</returns>
    public async Task<string?> RunAsync(SideCluster cluster, CancellationToken cancellationToken)
    {
        var binaries = SiteOptions.Read(layout)?.PostgresBinaries ?? PostgresBinaries.Find()!;
        var answer = await Tool.RunAsync(
            Path.Combine(binaries, "pg_amcheck"),
            [
                "--all",
                "--install-missing",
                "--heapallindexed",
                "--parent-check",
                "--jobs=2",
                $"--host={cluster.Postgres.SocketDirectory}",
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"--port={cluster.Postgres.Port}"),
                $"--username={SitePostgres.Superuser}",
                "--no-password",
            ],
            cancellationToken
        );
        if (answer.ExitCode == 0)
        {
            return null;
        }

        var lines = $"{answer.Output}\n{answer.Error}"
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Take(MostLines);
        return $"pg_amcheck found damage in the restored cluster: {string.Join(" · ", lines)}";
    }
}
