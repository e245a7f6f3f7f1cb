using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Backups;
using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Recovery;

/// <summary>
/// The environment's way back: the site's whole cluster, the control plane's own database in it, out of its
/// repository. Needs nothing of the site to run, and no control plane.
/// </summary>
public sealed class SiteRecovery(SiteLayout layout, TimeProvider clock)
{
    /// <summary>There while the cluster's folder is being filled: what is in it then is worth nothing.</summary>
    private string Unfinished => layout.UnfinishedRestore;

    /// <summary>
    /// Fills the cluster's folder from the repository; the next <c>site up</c> replays the log and goes on as a new
    /// timeline. Interrupted, it is begun again. What lay there is moved aside and kept.
    /// </summary>
    /// <param name="target">Of <see cref="RecoveryTarget.Latest"/>, everything that was archived.</param>
    /// <param name="replace">Whether a cluster that is there may be moved aside.</param>
    /// <returns>Null, or why nothing was done.</returns>
    /// <exception cref="ProcessStartException">The repository cannot be restored from.</exception>
    public async Task<SiteRefusal?> RunAsync(
        RecoveryTarget target,
        string? label,
        bool replace,
        CancellationToken cancellationToken
    )
    {
        if (Refusal(replace) is { } refusal)
        {
            return refusal;
        }

        var user = await OsUser.EnsureAsync(OsUser.Postgres, cancellationToken);
        Folder.Passage(layout.Postgres, user);
        new BackupConfiguration(layout, user).Write();
        MakeWay();
        Folder.Private(layout.PostgresData, user);
        var argv = new PgBackRest(layout).Argv(
            "restore",
            ["--log-level-stderr=warn", .. Options(target), .. label is null ? [] : new[] { $"--set={label}" }]
        );
        var answer = await Tool.RunAsync(user, argv[0], argv[1..], cancellationToken);
        if (answer.ExitCode != 0)
        {
            throw new ProcessStartException(
                $"The cluster could not be restored from {RepositoryPlace.Where(layout)}: {answer.Complaint}"
            );
        }

        File.Delete(Unfinished);
        return null;
    }

    private bool IsUnfinished => File.Exists(Unfinished);

    private SiteRefusal? Refusal(bool replace) =>
        PgBackRest.Program is null ? new("pgBackRest is not installed on this machine.", "apt-get install pgbackrest")
        : SiteOptions.Read(layout) is null
            ? new(
                $"{layout.Home} is no home of a site: site.json is missing.",
                "copy site.json, backups.json, secrets, backups and pools of the site's home there."
            )
        : !File.Exists(layout.BackupPassphrase)
            ? new(
                $"{layout.BackupPassphrase} is missing: without it the backups cannot be read.",
                "put the copy there that was kept elsewhere."
            )
        : RepositoryPlace.Refusal(layout) is { } wrong ? new(wrong, "mend it.")
        : !File.Exists(layout.RepositoryFile) && !Directory.Exists(Path.Combine(layout.BackupRepository, "backup"))
            ? new($"{layout.BackupRepository} holds no backups.", "copy the site's repository there.")
        : new ProcessLauncher(layout.Home, layout.Run, clock).Find(SiteProcesses.Postgres) is not null
            ? new("the site's PostgreSQL runs.", $"tidegate site down --home {layout.Home}")
        : Directory.Exists(layout.PostgresData) && !replace && !IsUnfinished
            ? new(
                $"there is a cluster in {layout.PostgresData}.",
                "to restore one tenant beside it is another command; to move it aside and restore all: --replace"
            )
        : null;

    private void MakeWay()
    {
        if (IsUnfinished)
        {
            if (Directory.Exists(layout.PostgresData))
            {
                Directory.Delete(layout.PostgresData, recursive: true);
            }
        }
        else if (Directory.Exists(layout.PostgresData))
        {
            var aside = string.Create(
                CultureInfo.InvariantCulture,
                $"{layout.PostgresData}.replaced-{clock.GetUtcNow():yyyyMMddHHmmss}"
            );
            Directory.Move(layout.PostgresData, aside);
        }

        AtomicFile.Write(Unfinished, "");
    }

    private static ImmutableArray<string> Options(RecoveryTarget target) =>
        target switch
        {
            RecoveryTarget.Time time =>
            [
                "--type=time",
                $"--target={time.At.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture)}",
                "--target-action=promote",
            ],
            RecoveryTarget.Lsn lsn =>
            [
                "--type=lsn",
                $"--target={lsn.Value}",
                "--target-exclusive",
                "--target-action=promote",
            ],
            RecoveryTarget.EndOfBackup => ["--type=immediate", "--target-action=promote"],
            RecoveryTarget.RestorePoint point => ["--type=name", $"--target={point.Name}", "--target-action=promote"],
            _ => ["--type=default"],
        };
}
