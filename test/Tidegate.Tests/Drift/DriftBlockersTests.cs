using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Tests.Drift;

public sealed class DriftBlockersTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_thousand_of_one_code_are_ten_blockers_and_a_number()
    {
        var blockers = DriftBlockers.Of(
            DriftSample.Site,
            Enumerable.Range(1, 1000).Select(number => Of($"t{number}", DriftCode.RightExtra)),
            most: 10,
            _ => false
        );

        Assert.Equal(11, blockers.Length);
        Assert.Equal(("site/local", "drift/right-extra"), (blockers[^1].Subject, blockers[^1].Code));
        Assert.Contains("990 more", blockers[^1].What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blocker_says_what_was_changed_by_hand_and_what_to_do()
    {
        var blocker = Assert.Single(
            DriftBlockers.Of(DriftSample.Site, [Of("t1", DriftCode.RightExtra)], most: 10, _ => false)
        );

        Assert.Equal(
            "somebody may connect who should not: item: expected not granted, found granted; changed by hand.",
            blocker.What
        );
        Assert.StartsWith("tidegate drift heal t1, or declare it", blocker.Next, StringComparison.Ordinal);
        Assert.Equal(Noon, blocker.Since);
    }

    [Fact]
    public void Where_the_policy_heals_nobody_has_to_do_anything_but_for_what_cannot_be_healed()
    {
        var blockers = DriftBlockers.Of(
            DriftSample.Site,
            [Of("t1", DriftCode.RightExtra), Of("t1", DriftCode.ModuleVersion)],
            most: 10,
            environment => environment == DriftSample.Production
        );

        Assert.StartsWith("nothing: the policy heals it", blockers[0].Next, StringComparison.Ordinal);
        Assert.Equal(DriftCode.ModuleVersion.Next, blockers[1].Next);
    }

    [Fact]
    public void What_is_only_behind_blocks_nothing() =>
        Assert.Empty(
            DriftBlockers.Of(
                DriftSample.Site,
                [
                    Of("t1", DriftCode.OptionsBehind) with
                    {
                        Difference = Of("t1", DriftCode.OptionsBehind).Difference with { Cause = DriftCause.Behind },
                    },
                ],
                most: 10,
                _ => false
            )
        );

    private static StoredDifference Of(string tenant, DriftCode code) =>
        new(
            DriftSample.Site,
            new(
                DriftSubject.Of(new TenantName(tenant)),
                DriftSample.Production,
                code,
                "item",
                "not granted",
                "granted"
            ),
            Noon,
            Noon
        );
}
