using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Tests.Following;

public sealed class TurnsTests
{
    private static readonly TenantName[] Six =
    [
        .. Enumerable.Range(1, 6).Select(number => new TenantName($"t{number}")),
    ];

    [Fact]
    public void Who_had_no_turn_when_time_was_up_is_first_the_next_time()
    {
        var turns = new Turns();

        Assert.Equal(["t1", "t2"], Next(turns));
        Assert.Equal(["t3", "t4"], Next(turns));
        Assert.Equal(["t5", "t6"], Next(turns));
        Assert.Equal(["t1", "t2"], Next(turns));
    }

    /// <summary>Time for one part, and the begin of the next.</summary>
    private static string[] Next(Turns turns)
    {
        using var parts = turns.Parts(Six, tenant => tenant, 2).GetEnumerator();
        Assert.True(parts.MoveNext());
        var first = parts.Current;
        parts.MoveNext();
        return [.. first.Select(tenant => tenant.Value)];
    }
}
