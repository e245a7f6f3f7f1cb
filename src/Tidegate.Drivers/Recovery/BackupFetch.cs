using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Recovery;

/// <summary>Copies a backup out of the repository into a folder, ready to be recovered to the target.</summary>
public sealed class BackupFetch(SiteLayout layout, PgBackRest repository, LongCommands commands, TimeProvider clock)
{
    /// <summary>Its process.</summary>
    internal static string ProcessName(JobId job) => $"fetch.{job.Short}";

    /// <returns>Which databases came along.</returns>
    /// <exception cref="JobFailedException">It cannot be copied; the message holds what pgBackRest said.</exception>
    internal async Task<IncludedDatabases> RunAsync(
        SideRestore what,
        RecoveryPlan plan,
        string data,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        var included = IncludedDatabases.Of(
            what.Databases,
            await repository.DatabasesAsync(plan.Backup.Label, cancellationToken)
        );
        var (output, paced) = (new PgBackRestOutput(), new PacedReport(report, clock));
        var exitCode = await commands.RunAsync(
            ProcessName(what.Job),
            repository.Argv("restore", Options(plan, included, data)),
            layout.SideCluster(what.Job),
            await OsUser.EnsureAsync(OsUser.Postgres, cancellationToken),
            ReadAsync,
            cancellationToken
        );
        if (exitCode != 0)
        {
            throw new JobFailedException(
                $"backup {plan.Backup.Label} could not be restored: {output.Complaint(exitCode)}. See how it stands: tidegate backup verify {plan.Backup.Label}"
            );
        }

        await report(Fetched(plan, plan.Backup.Size), cancellationToken);
        return included;

        Task ReadAsync(string line) =>
            output.Add(line) is { } share
                ? paced.TellAsync(Fetched(plan, (long)(share * plan.Backup.Size)), cancellationToken)
                : Task.CompletedTask;
    }

    private static JobProgress Fetched(RecoveryPlan plan, long bytes) =>
        new($"fetching backup {plan.Backup.Label}", bytes, plan.Backup.Size, "bytes");

    private static IEnumerable<string> Options(RecoveryPlan plan, IncludedDatabases included, string data) =>
        [
            $"--pg1-path={data}",
            $"--set={plan.Backup.Label}",
            "--archive-mode=off",
            "--log-level-console=detail",
            .. included.Names.Select(name => $"--db-include={name}"),
            .. Target(plan),
        ];

    private static ImmutableArray<string> Target(RecoveryPlan plan)
    {
        var timeline = string.Create(CultureInfo.InvariantCulture, $"--target-timeline={plan.Timeline}");
        return (plan.Target, plan.StopBefore) switch
        {
            (RecoveryTarget.EndOfBackup, _) => ["--type=immediate", "--target-action=promote"],
            (RecoveryTarget.Time time, _) =>
            [
                "--type=time",
                $"--target={time.At.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture)}",
                "--target-action=promote",
                timeline,
            ],
            // A restore point too: its name may stand in the log twice, where it lies is recorded once.
            (_, { } stop) =>
            [
                "--type=lsn",
                $"--target={stop}",
                "--target-exclusive",
                "--target-action=promote",
                timeline,
            ],
            _ => ["--type=default", timeline],
        };
    }
}
