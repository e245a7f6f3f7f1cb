namespace Tidegate.Tests.DesiredState;

/// <summary>What a policy lets an emergency go past is there.</summary>
public sealed class EmergencyFileTests
{
    [Theory]
    [InlineData("approved", null)]
    [InlineData("freeze:retail/black-friday", null)]
    [InlineData("window:retail/nights", null)]
    [InlineData("freeze:office/*", null)]
    [InlineData(
        "freeze:retail/black-fryday",
        "no calendar has a rule for freeze:retail/black-fryday. Did you mean \"freeze:retail/black-friday\"?"
    )]
    [InlineData(
        "freeze:black-friday",
        "freeze:black-friday leaves out the calendar, and so names no rule. Did you mean \"freeze:retail/black-friday\"?"
    )]
    [InlineData("peak:retail/nights", "retail/nights is a window. Did you mean \"window:retail/nights\"?")]
    public void A_rule_that_an_emergency_may_go_past_is_there(string named, string? told)
    {
        var problems = MemoryFiles
            .Example()
            .Put("policies/careful.yaml", $"emergency:\n  overrides:\n    - drilled\n    - {named}\n")
            .Problems();

        Assert.Equal(told is null ? [] : [$"policies/careful.yaml:4:7: {told}"], problems);
    }

    [Fact]
    public void Of_a_calendar_that_cannot_be_read_nobody_asks_which_rules_it_has()
    {
        var problems = MemoryFiles
            .Example()
            .Put("policies/careful.yaml", "emergency: {overrides: [\"freeze:retail/other\"]}\n")
            .Put("calendars/retail.yaml", "rules: []\n")
            .Problems();

        Assert.StartsWith("calendars/retail.yaml:1:8: ", Assert.Single(problems), StringComparison.Ordinal);
    }
}
