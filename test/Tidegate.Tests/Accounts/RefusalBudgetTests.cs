using Tidegate.ControlPlane.Accounts;

namespace Tidegate.Tests.Accounts;

public sealed class RefusalBudgetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_a_flood_the_first_ones_are_entered_and_the_rest_is_counted()
    {
        var budget = new RefusalBudget(each: 3, all: 5);

        Assert.Equal(3, Enumerable.Range(0, 1000).Count(_ => budget.Take("person/mallory", Noon)));
        Assert.Equal(2, Enumerable.Range(0, 1000).Count(number => budget.Take($"person/m{number}", Noon)));
        Assert.Equal(0, budget.Left(Noon.AddSeconds(30)));
        Assert.Equal(1995, budget.Left(Noon.AddMinutes(1)));
        Assert.Equal(0, budget.Left(Noon.AddMinutes(1)));
    }

    [Fact]
    public void Each_minute_has_its_own()
    {
        var budget = new RefusalBudget(each: 1, all: 2);

        Assert.True(budget.Take("os/1000", Noon));
        Assert.False(budget.Take("os/1000", Noon.AddSeconds(59)));
        Assert.True(budget.Take("os/1000", Noon.AddSeconds(61)));
        Assert.Equal(1, budget.Left(Noon.AddSeconds(121)));
    }
}
