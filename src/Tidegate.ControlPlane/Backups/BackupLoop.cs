using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Backups;

/// <summary>Looks at the archives of this server's sites once a minute, orders the backups that are due, and says what stands against it.</summary>
public sealed class BackupLoop(
    IEnumerable<IArchiveWatch> watches,
    BackupStore store,
    BackupSchedules schedules,
    JobStore jobs,
    BlockerStore blockers,
    ServedSites served,
    TimeProvider clock,
    ILogger<BackupLoop> logger
)
    : TurnLoop(
        "archives and backups",
        new(Idle: TimeSpan.FromMinutes(1), AfterFailure: TimeSpan.FromMinutes(1)),
        clock,
        logger
    )
{
    private const int Looked = 1000;

    /// <summary>Looks at every site once. Always false: what is due is done by the jobs' own loop.</summary>
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        foreach (var watch in watches)
        {
            foreach (var site in served.Names)
            {
                await LookAsync(watch, site, stoppingToken);
            }
        }

        return false;
    }

    /// <summary>One look at one site.</summary>
    public async Task LookAsync(IArchiveWatch watch, SiteName site, CancellationToken cancellationToken)
    {
        var look = await blockers.LookAsync(cancellationToken);
        await watch.LookAsync(site, cancellationToken);
        var now = Clock.GetUtcNow();
        var schedule = await schedules.OfAsync(site, cancellationToken);
        if (schedule is not null)
        {
            var backups = await store.ListAsync(site, Looked, cancellationToken);
            if (schedule.Due([.. backups.Select(stored => stored.Backup)], now) is { } type)
            {
                await jobs.OrderAsync(
                    BackupKinds.Backup,
                    BackupKinds.Order(site, type, served.Owner, "it is due"),
                    cancellationToken
                );
            }
        }

        await blockers.ReplaceAsync(
            $"backups/{site}",
            BackupBlockers.Of(await store.FactsAsync(site, cancellationToken), schedule, now),
            look,
            now,
            cancellationToken
        );
    }
}
