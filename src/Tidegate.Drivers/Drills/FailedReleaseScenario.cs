using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Objectives;
using Tidegate.Drivers.Rehearsals;

namespace Tidegate.Drivers.Drills;

/// <summary>
/// A release cannot load the shop. The old one serves it again on the same data: the application's way back. All of that
/// on a harmless copy of the tenant.
/// </summary>
internal sealed class FailedReleaseScenario(DrillShops shops) : IScenario
{
    private const int MarkersEach = 10;

    public DrillScenario Scenario => DrillScenario.FailedApplicationRelease;

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
        var written = await shop.Markers.WriteAsync(1, MarkersEach, cancellationToken);
        var figures = await shop.FiguresAsync(cancellationToken);
        var faulty = await FaultyRelease.ThatDoesNotLoadAsync(shop.Home, shop.Target, cancellationToken);
        await using var fresh = shop.Of(faulty);
        await stage.StepAsync(
            "releasing what does not load",
            isRecovery: false,
            async () =>
            {
                await old.StopAsync(cancellationToken);
                return await shop.StartAsync(fresh, shop.Target.Database, cancellationToken);
            },
            _ => $"module {faulty.Module} of it cannot be imported; its processes run",
            cancellationToken
        );
        // While nobody is served, integrations still write.
        written = written.AddRange(await shop.Markers.WriteAsync(written.Length + 1, MarkersEach, cancellationToken));
        var complaint = await stage.StepAsync(
            "seeing that the new release does not serve",
            isRecovery: true,
            () => shop.ComplaintAsync(fresh, cancellationToken),
            found => found ?? "it serves",
            cancellationToken
        );
        await stage.StepAsync(
            "taking the shop from the new release",
            isRecovery: true,
            async () =>
            {
                await fresh.StopAsync(cancellationToken);
                return true;
            },
            _ => null,
            cancellationToken
        );
        await stage.StepAsync(
            "giving the shop to the old release",
            isRecovery: true,
            () => shop.ServeAsync("again", old, baseline, cancellationToken),
            DrillShop.Said,
            cancellationToken
        );
        return await MeasureAsync(stage, shop, (written, figures, complaint), cancellationToken);
    }

    private static async Task<DrillMeasurement> MeasureAsync(
        Stage stage,
        DrillShop shop,
        (ImmutableArray<Marker> Written, ImmutableDictionary<string, string?> Figures, string? Complaint) before,
        CancellationToken cancellationToken
    )
    {
        var found = await shop.Markers.ReadAsync(cancellationToken);
        var moved = BusinessFigures
            .Compare(before.Figures, await shop.FiguresAsync(cancellationToken))
            .Where(figure => !figure.Holds)
            .ToList();
        var rows = await shop.RowsAsync(stage.DocumentTables, cancellationToken);
        var newest = before.Written.LastOrDefault(marker => found.Contains(marker.Number));
        var lost = before.Written.Count(marker => !found.Contains(marker.Number));
        return new(
            stage.RecoveryTime,
            newest is null ? null : before.Written[^1].At - newest.At,
            before.Written.Length,
            lost,
            stage.Documents(table => rows.TryGetValue(table, out var count) ? count : null),
            [
                new(
                    "the new release did not serve the shop",
                    before.Complaint is not null,
                    before.Complaint ?? "it did, with a module that cannot be imported"
                ),
                new(
                    "what was written before and meanwhile is there",
                    lost == 0,
                    string.Create(CultureInfo.InvariantCulture, $"{found.Length} of {before.Written.Length} markers")
                ),
                new(
                    "the figures of the business are what they were",
                    moved.Count == 0,
                    moved is [var first, ..]
                        ? $"{first.Name} was {first.Before} and is {first.After ?? "gone"}"
                        : string.Create(CultureInfo.InvariantCulture, $"{before.Figures.Count} figures")
                ),
            ]
        );
    }
}
