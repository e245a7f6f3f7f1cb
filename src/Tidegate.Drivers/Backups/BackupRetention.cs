using System.Globalization;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.Drivers.Backups;

/// <summary>Lets go the backups of a cluster that its rules no longer keep, and the log that only they needed. Nothing else removes one: pgBackRest is told not to do so by itself.</summary>
public sealed class BackupRetention(PgBackRest repository, BackupStore store, BackupSchedules schedules)
{
    private const int Looked = 1000;

    /// <summary>The catalogue must be what the repository lists. Interrupted anywhere, the next run does the rest.</summary>
    /// <returns>Full backups that went, each with all that built on it.</returns>
    /// <exception cref="JobFailedException">pgBackRest refuses.</exception>
    public async Task<int> RunAsync(SiteName site, CancellationToken cancellationToken)
    {
        var backups = await store.ListAsync(site, Looked, cancellationToken);
        var expired = ClusterRetention.Expired(backups, await schedules.FullsKeptAsync(site, cancellationToken));
        var left = backups.Count(stored => stored.Backup.Type is BackupType.Full);
        foreach (var label in expired)
        {
            left--;
            // As many as are left: so it removes no other backup, and the log before the oldest of them.
            var answer = await repository.RunAsync(
                "expire",
                [$"--set={label}", string.Create(CultureInfo.InvariantCulture, $"--repo1-retention-full={left}")],
                cancellationToken
            );
            if (answer.ExitCode != 0)
            {
                throw new JobFailedException(
                    $"backup {label} of site {site}, which no rule keeps any more, could not be removed: {answer.Complaint}"
                );
            }
        }

        return expired.Length;
    }
}
