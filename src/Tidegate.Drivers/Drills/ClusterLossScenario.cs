using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Objectives;
using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;

namespace Tidegate.Drivers.Drills;

/// <summary>
/// The site's PostgreSQL is gone: all of it is restored beside it from what the archive held at that moment. Production
/// runs on; what it archives afterwards is not used.
/// </summary>
internal sealed class ClusterLossScenario(Markers markers, SideClusters side, PageCheck pages) : IScenario
{
    public DrillScenario Scenario => DrillScenario.ClusterLoss;

    public async Task<DrillMeasurement> PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var (run, restored) = await LoseAsync(stage, markers, side, [], cancellationToken);
        var checks = await stage.StepAsync(
            "looking at what came back",
            isRecovery: true,
            () => CheckAsync(stage, run, restored, cancellationToken),
            found => string.Create(CultureInfo.InvariantCulture, $"{found.Checks.Length} checks"),
            cancellationToken
        );
        var damage = await stage.StepAsync(
            "reading every table and index",
            isRecovery: false,
            () => pages.RunAsync(restored, cancellationToken),
            found => found ?? "nothing damaged",
            cancellationToken
        );
        return new(
            stage.RecoveryTime,
            run.WorstGap,
            run.Written.Length,
            run.Written.Length - checks.Recovered,
            ImmutableSortedDictionary<string, long?>.Empty,
            [.. checks.Checks, new("every table and index can be read", damage is null, damage ?? "by pg_amcheck")]
        )
        {
            Restored = new(stage.Drill.Databases, stage.RecoveryTime + stage.Steps[^1].Took),
        };
    }

    /// <summary>Markers are written until some are archived; that is the moment of the loss. Then what was archived is restored.</summary>
    public static async Task<(MarkerRun Run, SideCluster Restored)> LoseAsync(
        Stage stage,
        Markers markers,
        SideClusters side,
        ImmutableArray<string> databases,
        CancellationToken cancellationToken
    )
    {
        await markers.PrepareAsync(cancellationToken);
        var run = await stage.StepAsync(
            "writing markers until the archive has some",
            isRecovery: false,
            () => markers.WriteUntilArchivedAsync(stage.Job, cancellationToken),
            written =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{written.Written.Length} acknowledged; the archive reached to {written.Archived} when the cluster was lost"
                ),
            cancellationToken
        );
        var restored = await stage.StepAsync(
            "restoring what was archived",
            isRecovery: true,
            () =>
                side.RestoreAsync(
                    new SideRestore(stage.Job, null, new RecoveryTarget.Lsn(run.Archived.ToString()), databases),
                    stage.Report,
                    cancellationToken
                ),
            done =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"backup {done.Recovery!.BackupLabel}: fetched in {done.Recovery.Fetch.TotalSeconds:0.0} s, replayed to {done.Recovery.ReachedLsn} in {done.Recovery.Replay.TotalSeconds:0.0} s"
                ),
            cancellationToken
        );
        return (run, restored);
    }

    /// <summary>Whether exactly what was archived of the markers is there: neither a hole, nor one too many.</summary>
    public static async Task<(int Recovered, DrillCheck Check)> MarkersAsync(
        Stage stage,
        MarkerRun run,
        SideCluster restored,
        CancellationToken cancellationToken
    )
    {
        var found = await Markers.ReadAsync(restored.Postgres, stage.Job, cancellationToken);
        var archived = run.Written.Where(marker => marker.Position <= run.Archived).Select(marker => marker.Number);
        var missing = archived.Except(found).Count();
        return (
            found.Length,
            new(
                "every marker that was archived is there, and they have no hole",
                missing == 0 && found.SequenceEqual(Enumerable.Range(1, found.Length).Select(number => (long)number)),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{found.Length} of {run.Written.Length} acknowledged, {missing} of the archived missing"
                )
            )
        );
    }

    private static async Task<(int Recovered, ImmutableArray<DrillCheck> Checks)> CheckAsync(
        Stage stage,
        MarkerRun run,
        SideCluster restored,
        CancellationToken cancellationToken
    )
    {
        var (recovered, check) = await MarkersAsync(stage, run, restored, cancellationToken);
        return (recovered, [check, await DatabasesAsync(stage.Drill, restored.Postgres, cancellationToken)]);
    }

    public static async Task<DrillCheck> DatabasesAsync(
        DrillJob drill,
        SitePostgres restored,
        CancellationToken cancellationToken
    )
    {
        await using var session = await restored.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        var there = await session.QueryAsync(
            "select datname::text from pg_database",
            [],
            row => row.GetString(0),
            cancellationToken
        );
        var missing = drill.Databases.Except(there, StringComparer.Ordinal).ToList();
        return new(
            "every tenant's database is there",
            missing.Count == 0,
            missing.Count == 0
                ? string.Create(CultureInfo.InvariantCulture, $"{drill.Databases.Length} databases")
                : $"{string.Join(", ", missing.Take(10))} missing"
        );
    }
}
