using System.Collections.Immutable;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.Tests.Drills;

public sealed class DrillVerdictTests
{
    private static readonly RecoveryObjective Orders = new(
        new("orders"),
        "order-capture",
        TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(1)
    )
    {
        Documents = ["sale.order"],
    };

    private static readonly DrillMeasurement Good = new(
        TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(1),
        100,
        3,
        ImmutableSortedDictionary<string, long?>.Empty.Add("sale.order", 12),
        [new("it is there", true, "all of it")]
    );

    [Fact]
    public void What_was_kept_to_the_second_passes() => Assert.Equal(GateVerdict.Pass, Judge(Good).Verdict);

    [Fact]
    public void A_second_too_long_or_too_far_back_fails()
    {
        var late = Judge(Good with { RecoveryTime = TimeSpan.FromSeconds(901) });
        var behind = Judge(Good with { RecoveryPoint = TimeSpan.FromSeconds(61) });

        Assert.Equal([GateVerdict.Fail, GateVerdict.Fail], [late.Verdict, behind.Verdict]);
        Assert.Equal(["the recovery point was 61 s, and 60 s was promised"], behind.Processes[0].Reasons);
    }

    [Fact]
    public void What_was_not_measured_never_passes()
    {
        Assert.Equal(GateVerdict.Inconclusive, Judge(Good with { RecoveryTime = null }).Verdict);
        Assert.Equal(GateVerdict.Inconclusive, Judge(Good with { RecoveryPoint = null }).Verdict);
        Assert.Equal(GateVerdict.Inconclusive, Judge(Good with { Checks = [] }).Verdict);
        Assert.Equal(GateVerdict.Inconclusive, Judge(Good with { Checks = [new("it is there", null, "?")] }).Verdict);
        Assert.Equal(
            GateVerdict.Inconclusive,
            Judge(Good with { Documents = Good.Documents.SetItem("sale.order", null) }).Verdict
        );
        Assert.NotEqual(GateVerdict.Pass, Judge(DrillMeasurement.Nothing).Verdict);
    }

    [Fact]
    public void Without_a_promise_nothing_is_kept() =>
        Assert.Equal(GateVerdict.Inconclusive, DrillVerdict.Judge(Good, [], null).Verdict);

    [Fact]
    public void What_does_not_hold_fails_whatever_the_times_are()
    {
        Assert.Equal(GateVerdict.Fail, Judge(Good with { Checks = [new("it is there", false, "gone")] }).Verdict);
        Assert.Equal(GateVerdict.Fail, DrillVerdict.Judge(Good, [Orders], "there is no backup.").Verdict);
    }

    [Fact]
    public void One_process_that_was_not_kept_fails_the_drill()
    {
        var judged = DrillVerdict.Judge(
            Good,
            [Orders, Orders with { Name = new("fast"), Process = "checkout", RecoveryTime = TimeSpan.FromSeconds(1) }],
            null
        );

        Assert.Equal(GateVerdict.Fail, judged.Verdict);
        Assert.Equal([GateVerdict.Pass, GateVerdict.Fail], judged.Processes.Select(process => process.Verdict));
    }

    private static DrillJudgement Judge(DrillMeasurement measured) => DrillVerdict.Judge(measured, [Orders], null);
}
