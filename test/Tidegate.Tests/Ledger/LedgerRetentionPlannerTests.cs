using Tidegate.ControlPlane.Ledger;

namespace Tidegate.Tests.Ledger;

public sealed class LedgerRetentionPlannerTests
{
    private static readonly LedgerWitnessFact File = new("oslo", "/srv/checkpoints.jsonl", 500);

    [Fact]
    public void Nothing_goes_as_long_as_no_period_is_set() =>
        Assert.Equal((10, 10), Places(new(null, 10, 400, [File])));

    [Fact]
    public void What_is_older_than_the_period_goes() => Assert.Equal((10, 400), Places(new(365, 10, 400, [File])));

    [Fact]
    public void No_more_goes_than_the_witness_of_any_home_has()
    {
        var plan = LedgerRetentionPlanner.Plan(new(365, 10, 400, [File, new("bergen", "https://audit", 200)]));

        Assert.Equal((10, 200), (plan.First, plan.Most));
        Assert.Equal("https://audit of home bergen has confirmed 200 entries", plan.Why);
    }

    [Fact]
    public void Nothing_goes_while_one_has_confirmed_nothing_or_there_is_none()
    {
        Assert.Equal((10, 10), Places(new(365, 10, 400, [File, new("bergen", "https://audit", null)])));
        Assert.Equal((10, 10), Places(new(365, 10, 400, [])));
    }

    [Fact]
    public void What_has_gone_stays_gone_when_the_period_is_longer_or_a_witness_is_behind_it()
    {
        Assert.Equal((300, 300), Places(new(9_000, 300, 20, [File])));
        Assert.Equal((300, 300), Places(new(365, 300, 400, [File with { Kept = 20 }])));
    }

    private static (long, long) Places(LedgerRetentionFacts facts)
    {
        var plan = LedgerRetentionPlanner.Plan(facts);
        return (plan.First, plan.Most);
    }
}
