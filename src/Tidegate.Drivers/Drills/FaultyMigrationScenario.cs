using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Rehearsals;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Drills;

/// <summary>
/// A migration damages rows and says nothing; the shop is swapped in and served, then the damage is found. The
/// checkpoint is swapped back by the steps of a rollout. All of that on a harmless copy of the tenant.
/// </summary>
internal sealed class FaultyMigrationScenario(DrillShops shops, TimeProvider clock) : IScenario
{
    private const int MarkersBefore = 20;

    // Every Odoo has it.
    private const string Always = "res_partner";

    public DrillScenario Scenario => DrillScenario.FaultyMigration;

    public async Task<DrillMeasurement> PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var shop = await shops.PrepareAsync(stage, cancellationToken);
        await using var old = shop.Old();
        var baseline = await stage.StepAsync(
            "serving the copy with the release that the tenant has",
            isRecovery: false,
            () => shop.ServeAsync("baseline", old, before: null, cancellationToken),
            DrillShop.Said,
            cancellationToken
        );
        await old.StopAsync(cancellationToken);
        var written = await shop.Markers.WriteAsync(1, MarkersBefore, cancellationToken);
        var truth = await TablesAsync(shop, cancellationToken);
        ImmutableArray<string> hurt =
        [
            .. (await shop.RowsAsync([.. stage.DocumentTables, Always], cancellationToken)).Keys.Order(
                StringComparer.Ordinal
            ),
        ];
        var faulty = await FaultyRelease.ThatDamagesAsync(shop.Home, shop.Target, hurt, cancellationToken);
        await using var fresh = shop.Of(faulty);
        var context = shop.Context(faulty.Release);
        await stage.StepAsync(
            "upgrading to a release whose migration damages rows",
            isRecovery: false,
            () => UpgradeAsync(shop, fresh, faulty, context, cancellationToken),
            result =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"module {faulty.Module} updated, in {result.WallS:0.0} s; swapped in and served"
                ),
            cancellationToken
        );
        await shop.Markers.WriteAsync(MarkersBefore + 1, 1, cancellationToken);
        var damage = await stage.StepAsync(
            "finding the damage",
            isRecovery: false,
            async () =>
            {
                // An update changes other tables too, and rightly.
                var now = await TablesAsync(shop, cancellationToken);
                return RestoredComparison.Tables(Of(truth, hurt), Of(now, hurt)).ToImmutableArray();
            },
            found => string.Join("; ", found.Take(5)),
            cancellationToken
        );
        var differences = await GoBackAsync(stage, shop, (old, fresh), (context, truth, baseline), cancellationToken);
        return await MeasureAsync(stage, shop, (written, damage, differences, truth), cancellationToken);
    }

    /// <summary>As a rollout does it, up to the open shop.</summary>
    private async Task<JobResult> UpgradeAsync(
        DrillShop shop,
        RehearsedRelease fresh,
        FaultyRelease faulty,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var (site, database) = (shop.Home.Postgres, shop.Target.Database);
        await DoAsync(
            () => new FenceHandler(site, clock).RunAsync(new(), context, cancellationToken),
            cancellationToken
        );
        await DoAsync(
            () => new CopyHandler(site, clock).RunAsync(new(), context, cancellationToken),
            cancellationToken
        );
        var copy = DatabaseNames.Next(database);
        await shop.StartAsync(fresh, copy, cancellationToken);
        var id = $"{context.Upgrade}-migrate-{context.Epoch}";
        var files = JobFiles.Of(shop.Home.Inside, shop.Target.Pool, faulty.Release.Digest, id);
        var result = await DrillShop.ToldAsync(() =>
            new ForkMigrator(shop.Home.Inside).MigrateAsync(
                new(id, shop.Target.Tenant, copy, [faulty.Module], context.Epoch, files),
                cancellationToken
            )
        );
        if (!result.IsClean)
        {
            throw new JobFailedException(
                $"the migration that was to damage rows in silence ended with exit code {result.Exit}: {LogTail.Of(files.Log)}"
            );
        }

        await fresh.StopAsync(cancellationToken);
        await DoAsync(
            () => new SwapHandler(site, clock).RunAsync(new(), context, cancellationToken),
            cancellationToken
        );
        await shop.StartAsync(fresh, database, cancellationToken);
        return await shop.ComplaintAsync(fresh, cancellationToken) is { } complaint
            ? throw new JobFailedException(
                $"the migrated shop is not served, so that there is nothing to go back from: {complaint}"
            )
            : result;
    }

    /// <returns>Where the tables are not what they were.</returns>
    private async Task<ImmutableArray<string>> GoBackAsync(
        Stage stage,
        DrillShop shop,
        (RehearsedRelease Old, RehearsedRelease Fresh) releases,
        (StepContext Context, ImmutableArray<TableFingerprint> Truth, Journeys.JourneyReport Baseline) before,
        CancellationToken cancellationToken
    )
    {
        var site = shop.Home.Postgres;
        await stage.StepAsync(
            "taking the shop from the new release",
            isRecovery: true,
            async () =>
            {
                await releases.Fresh.StopAsync(cancellationToken);
                return true;
            },
            _ => null,
            cancellationToken
        );
        await stage.StepAsync(
            "swapping the checkpoint back",
            isRecovery: true,
            async () =>
            {
                var back = await DoAsync(
                    () => new SwapBackHandler(site, clock).RunAsync(new(), before.Context, cancellationToken),
                    cancellationToken
                );
                await DoAsync(
                    () => new UnfenceHandler(site).RunAsync(new(), before.Context, cancellationToken),
                    cancellationToken
                );
                return back;
            },
            back => back,
            cancellationToken
        );
        var differences = await stage.StepAsync(
            "comparing it with what was before",
            isRecovery: true,
            async () =>
                RestoredComparison.Tables(before.Truth, await TablesAsync(shop, cancellationToken)).ToImmutableArray(),
            found =>
                string.Create(CultureInfo.InvariantCulture, $"{before.Truth.Length} tables, {found.Length} differ"),
            cancellationToken
        );
        await stage.StepAsync(
            "giving the shop to the old release",
            isRecovery: true,
            () => shop.ServeAsync("again", releases.Old, before.Baseline, cancellationToken),
            DrillShop.Said,
            cancellationToken
        );
        return differences;
    }

    private static async Task<DrillMeasurement> MeasureAsync(
        Stage stage,
        DrillShop shop,
        (
            ImmutableArray<Marker> Written,
            ImmutableArray<string> Damage,
            ImmutableArray<string> Differences,
            ImmutableArray<TableFingerprint> Truth
        ) seen,
        CancellationToken cancellationToken
    )
    {
        var found = await shop.Markers.ReadAsync(cancellationToken);
        var rows = await shop.RowsAsync(stage.DocumentTables, cancellationToken);
        var newest = seen.Written.LastOrDefault(marker => found.Contains(marker.Number));
        return new(
            stage.RecoveryTime,
            newest is null ? null : seen.Written[^1].At - newest.At,
            seen.Written.Length,
            seen.Written.Count(marker => !found.Contains(marker.Number)),
            stage.Documents(table => rows.TryGetValue(table, out var count) ? count : null),
            [
                new(
                    "the migration damaged rows and did not say so",
                    !seen.Damage.IsEmpty,
                    seen.Damage is [var damaged, ..] ? damaged : "nothing was damaged, so nothing is proven"
                ),
                new(
                    "what was written on the damaged database is not there",
                    !found.Contains(MarkersBefore + 1),
                    string.Create(CultureInfo.InvariantCulture, $"{found.Length} markers")
                ),
                new(
                    "the tenant's tables are what they were before the migration",
                    seen.Differences.IsEmpty,
                    seen.Differences.IsEmpty
                        ? string.Create(
                            CultureInfo.InvariantCulture,
                            $"{seen.Truth.Length} tables, {seen.Truth.Sum(print => print.Rows)} rows"
                        )
                        : string.Join("; ", seen.Differences.Take(5))
                ),
            ]
        );
    }

    private static ImmutableArray<TableFingerprint> Of(
        ImmutableArray<TableFingerprint> prints,
        ImmutableArray<string> tables
    ) =>
        [
            .. prints.IntersectBy(
                tables.Select(table => $"public.{table}"),
                print => print.Table,
                StringComparer.Ordinal
            ),
        ];

    /// <summary>Every table but the markers', which are told apart one by one.</summary>
    private static async Task<ImmutableArray<TableFingerprint>> TablesAsync(
        DrillShop shop,
        CancellationToken cancellationToken
    )
    {
        await using var snapshot = await TenantSnapshot.OpenAsync(
            shop.Home.Postgres,
            shop.Target.Database,
            "tidegate drill",
            cancellationToken
        );
        return
        [
            .. (await snapshot.TablesAsync(cancellationToken)).Where(print =>
                !string.Equals(print.Table, CopyMarkers.Table, StringComparison.Ordinal)
            ),
        ];
    }

    /// <returns>What the step did.</returns>
    private async Task<string> DoAsync(Func<Task<StepOutcome>> step, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await step())
            {
                case StepOutcome.Done done:
                    return done.Did;
                case StepOutcome.NotYet later:
                    await Task.Delay(later.RetryAfter, clock, cancellationToken);
                    break;
                case var other:
                    throw new JobFailedException(other.Summary);
            }
        }
    }
}
