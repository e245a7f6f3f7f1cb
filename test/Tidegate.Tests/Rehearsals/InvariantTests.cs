using Tidegate.ControlPlane.Rehearsals;

namespace Tidegate.Tests.Rehearsals;

public sealed class InvariantTests
{
    [Theory]
    [InlineData(InvariantRule.Same, "12.50", "12.50", true)]
    [InlineData(InvariantRule.Same, "12.50", "12.51", false)]
    [InlineData(InvariantRule.Same, null, "12.51", true)]
    [InlineData(InvariantRule.Same, "12.50", null, false)]
    [InlineData(InvariantRule.Zero, "0", "0.00", true)]
    [InlineData(InvariantRule.Zero, "0", "0.01", false)]
    [InlineData(InvariantRule.Zero, "3", "3", true)] // it was not before: no fault of the release
    [InlineData(InvariantRule.NotLower, "41", "42", true)]
    [InlineData(InvariantRule.NotLower, "41", "40", false)]
    public void Holds(InvariantRule rule, string? before, string? after, bool holds) =>
        Assert.Equal(holds, new Invariant("figure", rule, before, after).Holds);
}
