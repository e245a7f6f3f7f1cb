using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Sites;

/// <summary>How every cluster of ours is made.</summary>
internal static class ClusterMaking
{
    /// <summary>Runs initdb. The folder exists, is empty, and belongs to the user.</summary>
    public static Task<ToolAnswer> InitializeAsync(
        string binaries,
        string folder,
        OsUser? user,
        CancellationToken cancellationToken
    ) =>
        Tool.RunAsync(
            user,
            Path.Combine(binaries, "initdb"),
            [
                $"--pgdata={folder}",
                $"--username={SitePostgres.Superuser}",
                "--auth=peer",
                "--encoding=UTF8",
                "--locale-provider=libc",
                "--locale=C.UTF-8",
                "--data-checksums",
            ],
            cancellationToken
        );
}
