using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Protection;

namespace Tidegate.Tests.Protection;

/// <summary>What drills mean for work.</summary>
public sealed class DrilledGateTests
{
    private static readonly DrillFact Kept = new(
        new("orders"),
        DrillScenario.ClusterLoss,
        Shops.Oslo,
        TimeSpan.FromDays(90),
        GateDemand.Required,
        Next: null,
        new("d-1"),
        Shops.Noon.AddDays(-80),
        GateVerdict.Pass
    );

    [Fact]
    public void Drills_in_time_that_came_out_well_pass() => Assert.Equal(GateVerdict.Pass, Ask(Kept).Verdict);

    [Fact]
    public void What_is_overdue_failed_or_was_never_played_does_not_pass_and_says_what_to_play()
    {
        Assert.Equal(
            "cluster-loss-overdue",
            Reason(Kept with { LastAt = Shops.Noon.AddDays(-91) }, GateVerdict.Inconclusive)
        );
        Assert.Equal("cluster-loss-failed", Reason(Kept with { Verdict = GateVerdict.Fail }, GateVerdict.Fail));
        Assert.Equal(
            "cluster-loss-never",
            Reason(Kept with { Last = null, LastAt = null, Verdict = null }, GateVerdict.Inconclusive)
        );
    }

    [Fact]
    public void Where_no_objective_wants_drills_nothing_is_proven() =>
        Assert.Equal("drills-unwanted", Assert.Single(Ask().Reasons).Code);

    [Fact]
    public void An_objective_that_only_reports_keeps_nobody_waiting() =>
        Assert.Equal(
            GateVerdict.Pass,
            Ask(Kept with { Proof = GateDemand.Report, Verdict = GateVerdict.Fail }).Verdict
        );

    private static GateAnswer Ask(params DrillFact[] facts) => DrilledGate.Ask(new([.. facts]), Shops.Noon);

    private static string Reason(DrillFact fact, GateVerdict verdict)
    {
        var answer = Ask(fact, Kept);
        Assert.Equal(verdict, answer.Verdict);
        var reason = Assert.Single(answer.Reasons);
        Assert.Contains("tidegate drill run cluster-loss --site oslo", reason.Next, StringComparison.Ordinal);
        return reason.Code;
    }
}
