using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Backups;

/// <summary>Makes a backup of the site's cluster, and then lets go what its rules no longer keep.</summary>
public sealed class BackupHandler(
    PgBackRest repository,
    BackupCatalogue catalogue,
    BackupRetention retention,
    LongCommands commands,
    SiteLayout layout,
    SitePostgres postgres,
    TimeProvider clock
) : JobHandler<BackupJob, BackupResult>(BackupKinds.Backup)
{
    protected override async Task<BackupResult> RunAsync(
        BackupJob job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        // Whoever did it before us may have been killed after it was whole.
        var made =
            Made(await catalogue.SyncAsync(claimed.Site, cancellationToken), claimed.Id)
            ?? await MakeAsync(job, claimed, context, cancellationToken);
        await context.ReportAsync(new("removing backups that no rule keeps"), cancellationToken);
        if (await retention.RunAsync(claimed.Site, cancellationToken) > 0)
        {
            await catalogue.SyncAsync(claimed.Site, cancellationToken);
        }

        return Result(made);
    }

    private async Task<ClusterBackup> MakeAsync(
        BackupJob job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var user = await OsUser.EnsureAsync(OsUser.Postgres, cancellationToken);
        var folder = Path.Combine(layout.Work(claimed.Id), "backup");
        Folder.Passage(layout.WorkFolder);
        Folder.Passage(layout.Work(claimed.Id));
        Folder.Private(folder, user);
        await using var hold = await CopyInterlock.HoldAsync(postgres, context.ReportAsync, clock, cancellationToken);
        var (output, paced) = (new PgBackRestOutput(), new PacedReport(context.ReportAsync, clock));
        var exitCode = await commands.RunAsync(
            ProcessName(claimed.Id),
            repository.Argv(
                "backup",
                $"--type={Word(job.Type)}",
                $"--annotation={BackupInfo.JobAnnotation}={claimed.Id}",
                "--no-expire-auto",
                "--log-level-console=detail"
            ),
            folder,
            user,
            line =>
                output.Add(line) is { } share
                    ? paced.TellAsync(
                        new("copying the cluster", (long)(share * 1000), 1000, "thousandths"),
                        cancellationToken
                    )
                    : Task.CompletedTask,
            cancellationToken
        );
        return exitCode != 0
            ? throw new JobFailedException(
                $"the cluster of site {claimed.Site} could not be backed up: {output.Complaint(exitCode)}. tidegate backup status says how archiving stands."
            )
            : Made(await catalogue.SyncAsync(claimed.Site, cancellationToken), claimed.Id)
                ?? throw new JobFailedException(
                    $"pgBackRest says that the backup is made, and the repository {RepositoryPlace.Where(layout)} does not list it."
                );
    }

    protected override async Task CleanUpAsync(BackupJob job, ClaimedJob claimed, CancellationToken cancellationToken)
    {
        await commands.StopAsync(ProcessName(claimed.Id), cancellationToken);
        if (Directory.Exists(layout.Work(claimed.Id)))
        {
            Directory.Delete(layout.Work(claimed.Id), recursive: true);
        }
    }

    internal static string ProcessName(JobId job) => $"backup.{job.Short}";

    private static ClusterBackup? Made(ImmutableArray<ClusterBackup> backups, JobId job) =>
        backups.FirstOrDefault(backup => string.Equals(backup.Job, job.Value, StringComparison.Ordinal));

    private static BackupResult Result(ClusterBackup backup) =>
        new(
            backup.Label,
            backup.Type,
            backup.Size,
            backup.RepositorySize,
            (backup.StoppedAt - backup.StartedAt).TotalSeconds
        );

    private static string Word(BackupType type) =>
        type switch
        {
            BackupType.Full => "full",
            BackupType.Differential => "diff",
            BackupType.Incremental => "incr",
        };
}
