using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Recording;
using Tidegate.Demo.Screens;
using Tidegate.Demo.Story;

namespace Tidegate.Tests.Demo;

public sealed class PlainScreenTests
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_log_gets_one_line_per_change_and_a_reason_once()
    {
        using var written = new StringWriter { NewLine = "\n" };
        var screen = new PlainScreen(written, TimeProvider.System);
        var begun = Tenant("shop-oslo", "forward") with { Step = "migrate" };
        var back = begun with { State = "back", Step = "drop-copy", Reason = "it raised" };
        var over = back with { State = "ended", Ending = "rolled_back", HoldSeconds = 4.2 };
        var untouched = Tenant("shop-athens", "ended") with { Ending = "untouched", Reason = "shop-oslo: it raised" };
        var waits = Tenant("shop-athens", "pending");

        var last = await screen.FollowAsync(
            "2026.11.3 to production",
            Told((1, [begun, waits]), (2, [begun, waits]), (3, [back, waits]), (4, [over, untouched]))
        );

        Assert.Equal(TimeSpan.FromSeconds(4), last.Elapsed);
        Assert.Equal(
            """

            2026.11.3 to production
                 1.0 s  wave 1  shop-oslo  migrate
                 3.0 s  wave 1  shop-oslo  going back: drop-copy
                 4.0 s  wave 1  shop-oslo  rolled_back, held 4.2 s: it raised
                 4.0 s  wave 1  shop-athens  untouched

            """,
            written.ToString()
        );
    }

    internal static UpgradeView Tenant(string name, string state) =>
        new(
            "u-1",
            name,
            "shared",
            Wave: 1,
            state,
            Step: null,
            StepStartedAt: null,
            Ending: null,
            Reason: null,
            Evidence: null,
            HoldSeconds: null,
            "2026.11.2",
            Steps: []
        );

    internal static async IAsyncEnumerable<RolloutProgress> Told(params (int Second, UpgradeView[] Tenants)[] moments)
    {
        foreach (var (second, tenants) in moments)
        {
            await Task.Yield();
            var rollout = new RolloutView(
                "r-1",
                "2026.11.3",
                "sha256:0",
                "production",
                "hash",
                "running",
                Outcome: null,
                Reason: null,
                "demo",
                Nine,
                EndedAt: null,
                tenants
            );
            var elapsed = TimeSpan.FromSeconds(second);
            yield return new(rollout, new TrafficSoFar(0, 0, 0), Nine + elapsed, elapsed);
        }
    }
}
