using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Objectives;
using Tidegate.Drivers.Recovery;

namespace Tidegate.Drivers.Drills;

/// <summary>
/// Rows of one tenant are gone. Its database is recovered beside the site to a moment before, carried over into a
/// database of the cluster where the damaged one is, and swapped in; all of that on a side cluster.
/// </summary>
internal sealed class TenantCorruptionScenario(Markers markers, SideClusters side, DumpTransfer transfer) : IScenario
{
    private const int MarkersBefore = 20;

    public DrillScenario Scenario => DrillScenario.TenantCorruption;

    public async Task<DrillMeasurement> PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var database = stage.Drill.Database!;
        await markers.PrepareAsync(cancellationToken);
        var (written, moment) = await stage.StepAsync(
            "writing markers around the moment of the damage",
            isRecovery: false,
            () => markers.WriteAroundAsync(stage.Job, MarkersBefore, cancellationToken),
            made =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{made.Before.Length} acknowledged before {made.Moment.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}Z, one after"
                ),
            cancellationToken
        );
        var restored = await stage.StepAsync(
            "recovering the tenant to that moment",
            isRecovery: true,
            () =>
                side.RestoreAsync(
                    new SideRestore(stage.Job, null, new RecoveryTarget.Time(moment), [database]),
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
        var found = await Markers.ReadAsync(restored.Postgres, stage.Job, cancellationToken);
        var names = new DrillDatabases(database, stage.Job);
        var tenant = new DrillTenant(restored.Postgres, names);
        var models = stage.Drill.Objectives.SelectMany(objective => objective.Documents);
        var truth = await stage.StepAsync(
            "damaging a copy",
            isRecovery: false,
            () => tenant.DamageAsync(models, cancellationToken),
            prints => string.Create(CultureInfo.InvariantCulture, $"rows of {prints.Count} tables deleted"),
            cancellationToken
        );
        await stage.StepAsync(
            "carrying the recovered database over",
            isRecovery: true,
            () => transfer.RunAsync(restored, (names.Recovered, names.Back), cancellationToken),
            size => string.Create(CultureInfo.InvariantCulture, $"{size / 1e6:0.0} MB of dump"),
            cancellationToken
        );
        await stage.StepAsync(
            "swapping it in",
            isRecovery: true,
            () => tenant.SwapAsync(cancellationToken),
            _ => null,
            cancellationToken
        );
        var after = await stage.StepAsync(
            "comparing it, row by row",
            isRecovery: true,
            () => tenant.FingerprintsAsync(names.Live, [.. truth.Keys], cancellationToken),
            prints => string.Create(CultureInfo.InvariantCulture, $"{prints.Count} tables"),
            cancellationToken
        );
        return Measured(stage, (written, found), truth, after, restored);
    }

    private static DrillMeasurement Measured(
        Stage stage,
        (ImmutableArray<Marker> Written, ImmutableArray<long> Found) markers,
        ImmutableSortedDictionary<string, Fingerprint> truth,
        ImmutableSortedDictionary<string, Fingerprint> after,
        SideCluster restored
    )
    {
        var (written, found) = markers;
        var newest = written.LastOrDefault(marker => found.Contains(marker.Number));
        var differing = truth.Where(table => after.GetValueOrDefault(table.Key) != table.Value).ToList();
        return new(
            stage.RecoveryTime,
            newest is null ? null : written[^1].At - newest.At,
            written.Length,
            written.Count(marker => !found.Contains(marker.Number)),
            stage.Documents(table => after.TryGetValue(table, out var print) ? print.Rows : null),
            [
                new(
                    "what was committed after that moment is not there",
                    !found.Contains(written.Length + 1),
                    string.Create(CultureInfo.InvariantCulture, $"recovered to {restored.Recovery!.ReachedLsn}")
                ),
                new(
                    "the tenant's tables are what they were before the damage",
                    truth.IsEmpty ? null : differing.Count == 0,
                    truth.IsEmpty ? "the database has no table with rows"
                        : differing.Count == 0
                            ? string.Create(
                                CultureInfo.InvariantCulture,
                                $"{truth.Count} tables, {truth.Values.Sum(print => print.Rows)} rows"
                            )
                        : $"{string.Join(", ", differing.Take(10).Select(table => table.Key))} differ"
                ),
            ]
        );
    }
}
