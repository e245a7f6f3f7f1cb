using Tidegate.ControlPlane.Copies;

namespace Tidegate.Tests.Copies;

public sealed class CopyBudgetTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_a_budget_or_inside_it_there_is_room()
    {
        Assert.Null(new CopyBudget(null).Refusal([Copy("c-1", 900, 1)], 1L << 40, Now));
        Assert.Null(new CopyBudget(1000L << 20).Refusal([Copy("c-1", 900, 1)], 100L << 20, Now));
    }

    [Fact]
    public void Over_it_what_has_ended_is_named_first_and_then_what_frees_most()
    {
        var budget = new CopyBudget(1000L << 20);

        Assert.Equal(
            "copies may take 1000 MB of this site's disk, 950 MB are taken and 100 MB would come; drop c-3 of shop first (50 MB): tidegate copies drop c-3 --yes.",
            budget.Refusal([Copy("c-1", 300, 1), Copy("c-2", 600, 2), Copy("c-3", 50, -1)], 100L << 20, Now)
        );
        Assert.Contains(
            "drop c-2 ",
            budget.Refusal([Copy("c-1", 350, 1), Copy("c-2", 600, 2)], 100L << 20, Now),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_somebody_works_on_is_never_named() =>
        Assert.Contains(
            "all of them are in use",
            new CopyBudget(1L << 20).Refusal([Copy("c-1", 350, -1) with { IsInUse = true }], 1, Now),
            StringComparison.Ordinal
        );

    private static ListedCopy Copy(string id, long megabytes, int endsInDays) =>
        new(
            id,
            "rehearsal",
            new("shop"),
            new("local"),
            "job",
            "a rehearsal",
            $"shop__{id}",
            megabytes << 20,
            IsMasked: false,
            IsInUse: false,
            Now,
            Now.AddDays(endsInDays)
        );
}
