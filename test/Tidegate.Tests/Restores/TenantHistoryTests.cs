using System.Collections.Immutable;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Tests.Restores;

/// <summary>Which database was a tenant's when, by what the cluster itself had recorded then.</summary>
public sealed class TenantHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    // 1, then 2, back to 1, then 3.
    private static readonly ImmutableArray<RecordedSwap> All =
    [
        Swap("u-1", (1, 2), Noon.AddHours(1), "11") with
        {
            SwappedBackAt = Noon.AddHours(2),
            BackLsn = "0/2",
        },
        Swap("u-2", (1, 3), Noon.AddHours(3), "13"),
    ];

    [Fact]
    public void Nothing_was_recorded_yet_the_first_one_had_it() => Assert.Equal((1L, null, "u-1", false), At(1, []));

    [Fact]
    public void A_swap_was_recorded_and_not_yet_reversed() =>
        Assert.Equal((2L, "u-1", "u-1", true), At(2, [All[0] with { SwappedBackAt = null, BackLsn = null }]));

    [Fact]
    public void Reversed_it_was_the_first_one_again() => Assert.Equal((1L, "u-1", "u-2", false), At(1, [All[0]]));

    [Fact]
    public void All_that_is_known_was_recorded_it_was_the_live_one() =>
        Assert.Equal((3L, "u-2", null, false), At(3, All));

    /// <summary>The database, what brought and what ended it, and whether what ended it was a way back.</summary>
    private static (long, string?, string?, bool) At(long live, ImmutableArray<RecordedSwap> recorded)
    {
        var then = new TenantHistory(3, All).At(new TenantHistory(live, recorded));
        return (then.Oid, then.Arrived?.Upgrade.Value, then.Left?.Upgrade.Value, then.Left?.IsBack ?? false);
    }

    private static RecordedSwap Swap(
        string upgrade,
        (long Before, long After) oids,
        DateTimeOffset at,
        string transaction
    ) => new(new UpgradeId(upgrade), oids.Before, oids.After, $"0/{transaction}", at, null, null, transaction);
}
