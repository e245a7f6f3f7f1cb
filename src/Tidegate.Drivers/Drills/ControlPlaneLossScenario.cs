using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Drills;

/// <summary>
/// The control plane's own database is gone: it is restored beside the site, brought to this version, and shown to be
/// refused by a site that has seen more than it knows of, until its fencing numbers are moved forward.
/// </summary>
internal sealed class ControlPlaneLossScenario(SiteLayout layout, Markers markers, SideClusters side) : IScenario
{
    private const long Ahead = 1000;

    // No tenant can be called that.
    private static readonly TenantName Nobody = new("drill--nobody");

    public DrillScenario Scenario => DrillScenario.ControlPlaneLoss;

    public async Task<DrillMeasurement> PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        if (SiteOptions.Read(layout)?.Control is { } other)
        {
            throw new JobFailedException(
                $"the control plane's database is in the home {other}, not in this site's; drill it with that one's site."
            );
        }

        var (run, restored) = await ClusterLossScenario.LoseAsync(
            stage,
            markers,
            side,
            [DatabaseNames.ControlDatabase],
            cancellationToken
        );
        var (recovered, marked) = await ClusterLossScenario.MarkersAsync(stage, run, restored, cancellationToken);
        var checks = await stage.StepAsync(
            "bringing the control database to this version",
            isRecovery: true,
            () => UpgradeAsync(restored.Postgres, cancellationToken),
            found => found.Detail,
            cancellationToken
        );
        var fenced = await stage.StepAsync(
            "showing that the site refuses an old control plane",
            isRecovery: true,
            () => FenceAsync(restored.Postgres, cancellationToken),
            found => string.Join("; ", found.Select(check => check.Detail)),
            cancellationToken
        );
        return new(
            stage.RecoveryTime,
            run.WorstGap,
            run.Written.Length,
            run.Written.Length - recovered,
            ImmutableSortedDictionary<string, long?>.Empty,
            [marked, checks, .. fenced]
        );
    }

    private static async Task<DrillCheck> UpgradeAsync(SitePostgres restored, CancellationToken cancellationToken)
    {
        var connection = restored.ConnectionString(DatabaseNames.ControlDatabase, DatabaseNames.ControlRole);
        ControlDatabase.Upgrade(connection);
        await using var session = await PostgresSession.OpenAsync(connection, cancellationToken);
        var entries = await session.ScalarAsync<long>("select count(*) from ledger", [], cancellationToken);
        var tenants = await session.ScalarAsync<long>("select count(*) from tenant", [], cancellationToken);
        return new(
            "the control database opens, with its fleet and its ledger",
            entries > 0,
            string.Create(CultureInfo.InvariantCulture, $"{tenants} tenants, {entries} entries of the ledger")
        );
    }

    /// <summary>The site has worked on after the backup: its highest number lies above what the restored sequence gives out next.</summary>
    private static async Task<ImmutableArray<DrillCheck>> FenceAsync(
        SitePostgres restored,
        CancellationToken cancellationToken
    )
    {
        await using var control = await PostgresSession.OpenAsync(
            restored.ConnectionString(DatabaseNames.ControlDatabase, DatabaseNames.ControlRole),
            cancellationToken
        );
        var known = await control.ScalarAsync<long>("select nextval('epoch')", [], cancellationToken);
        await using (var ahead = await FencedSession.OpenAsync(restored, Nobody, known + Ahead, cancellationToken))
        {
            // It is open: the site has seen that number.
        }

        var refused = await OpensAsync(restored, known + 1, cancellationToken);
        await control.ScalarAsync<long>("select setval('epoch', $1)", [known + Ahead], cancellationToken);
        var next = await control.ScalarAsync<long>("select nextval('epoch')", [], cancellationToken);
        var admitted = await OpensAsync(restored, next, cancellationToken);
        return
        [
            new(
                "the site refuses a control plane that is older than what it has seen",
                !refused,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"number {known + 1} was {(refused ? "let in" : "refused")} at a site that has seen {known + Ahead}"
                )
            ),
            new(
                "it works again once its numbers are moved forward",
                admitted,
                string.Create(CultureInfo.InvariantCulture, $"number {next} was {(admitted ? "let in" : "refused")}")
            ),
        ];
    }

    private static async Task<bool> OpensAsync(SitePostgres restored, long epoch, CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await FencedSession.OpenAsync(restored, Nobody, epoch, cancellationToken);
            return true;
        }
        catch (StaleEpochException)
        {
            return false;
        }
    }
}
