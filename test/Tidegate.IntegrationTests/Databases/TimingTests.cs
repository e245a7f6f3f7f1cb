using System.Globalization;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.IntegrationTests.Databases;

/// <summary>How long the database's part of a hold takes on a 50 MB shop; the figures are printed, the bounds are generous.</summary>
[Trait("Length", "long")]
public sealed class TimingTests(SiteCluster cluster, ITestOutputHelper output) : IClassFixture<SiteCluster>
{
    [Fact]
    public async Task Fence_and_swap_take_a_fraction_of_the_copy()
    {
        for (var round = 0; round < 3; round++)
        {
            var shop = await cluster.NewShopAsync(rows: 52_000);
            await using var session = await cluster.Postgres.OpenAsync(shop.Database, shop.OldRole);

            var fence = await TimedAsync("fence", () => shop.FenceAsync());
            await TimedAsync("copy", () => shop.CopyAsync());
            await shop.MigrateAsync();
            var swap = await TimedAsync("swap", () => shop.SwapAsync());
            await TimedAsync("swap back", () => shop.SwapBackAsync());
            await TimedAsync("drop copy", () => shop.DropCopyAsync());
            await TimedAsync("unfence", () => shop.UnfenceAsync());

            Assert.InRange(fence, TimeSpan.Zero, TimeSpan.FromSeconds(5));
            Assert.InRange(swap, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        }
    }

    private async Task<TimeSpan> TimedAsync(string name, Func<Task<StepOutcome>> step)
    {
        var started = TimeProvider.System.GetTimestamp();
        await Shop.DoneAsync(step);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {elapsed.TotalMilliseconds:F0} ms"));
        return elapsed;
    }
}
