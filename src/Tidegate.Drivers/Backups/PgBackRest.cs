using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Backups;

/// <summary>The tool that makes cluster backups and keeps the archive, as this site has it set up.</summary>
public sealed class PgBackRest(SiteLayout layout)
{
    /// <summary>Names a pgbackrest that is not where Debian's package puts it.</summary>
    public const string Variable = "TIDEGATE_PGBACKREST";

    /// <summary>What the repository calls the site's cluster. Each site has a repository of its own.</summary>
    internal const string Stanza = "site";

    private const string DebianProgram = "/usr/bin/pgbackrest";

    /// <summary>The program; null when it is not installed: then the site works, and nothing backs it up.</summary>
    public static string? Program =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named
        : File.Exists(DebianProgram) ? DebianProgram
        : null;

    /// <summary>The backups that are whole, the oldest first.</summary>
    /// <exception cref="JobFailedException">They cannot be listed.</exception>
    public async Task<ImmutableArray<ClusterBackup>> ListAsync(CancellationToken cancellationToken) =>
        BackupInfo.Backups(await InfoAsync([], cancellationToken));

    /// <summary>The databases that a backup holds.</summary>
    /// <exception cref="JobFailedException">They cannot be listed.</exception>
    public async Task<ImmutableArray<BackedUpDatabase>> DatabasesAsync(
        string label,
        CancellationToken cancellationToken
    ) => BackupInfo.Databases(await InfoAsync([$"--set={label}"], cancellationToken));

    /// <summary>Program and arguments of one command. None of them is a secret: the passphrase is in the configuration.</summary>
    /// <exception cref="JobFailedException">It is not installed.</exception>
    internal ImmutableArray<string> Argv(string command, params IEnumerable<string> options) =>
        [
            Program ?? throw NotInstalled(),
            $"--config={layout.BackupConfiguration}",
            $"--stanza={Stanza}",
            .. options,
            command,
        ];

    /// <summary>Runs a short command to its end, as the user who owns the cluster.</summary>
    /// <param name="words">What follows the command.</param>
    internal async Task<ToolAnswer> RunAsync(
        string command,
        IEnumerable<string> options,
        CancellationToken cancellationToken,
        params IEnumerable<string> words
    )
    {
        ImmutableArray<string> argv = [.. Argv(command, ["--log-level-stderr=warn", .. options]), .. words];
        return await Tool.RunAsync(
            await OsUser.EnsureAsync(OsUser.Postgres, cancellationToken),
            argv[0],
            argv[1..],
            cancellationToken
        );
    }

    private async Task<string> InfoAsync(IEnumerable<string> options, CancellationToken cancellationToken)
    {
        var answer = await RunAsync("info", ["--output=json", .. options], cancellationToken);
        return answer.ExitCode == 0
            ? answer.Output
            : throw new JobFailedException(
                $"the repository {RepositoryPlace.Where(layout)} cannot be read: {answer.Complaint}"
            );
    }

    private JobFailedException NotInstalled() =>
        new(
            $"pgBackRest is not installed on this machine, so the site in {layout.Home} has no backups: apt-get install pgbackrest, then tidegate site down and tidegate site up --home {layout.Home}"
        );
}
