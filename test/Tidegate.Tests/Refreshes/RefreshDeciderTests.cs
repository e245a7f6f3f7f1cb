using Tidegate.ControlPlane.Refreshes;

namespace Tidegate.Tests.Refreshes;

/// <summary>Whether a staging tenant is refreshed now, and what is told of it.</summary>
public sealed class RefreshDeciderTests
{
    // Every day at 03:00 UTC.
    private static readonly StagingTenant Tenant = RefreshScheduleTests.Tenant(
        "UTC",
        RefreshPace.Daily,
        DayOfWeek.Sunday,
        "03:00"
    );

    private static readonly DateTimeOffset Slot = new(2026, 11, 26, 3, 0, 0, TimeSpan.Zero);

    private static readonly RefreshFact Yesterday = new(
        Tenant,
        new("j-1", Slot.AddDays(-1), IsUnderWay: false, Failure: null),
        Slot.AddDays(-1),
        Refusal: null,
        Waits: null
    );

    [Fact]
    public void It_is_due_from_its_time_on_and_not_before()
    {
        Assert.False(RefreshDecider.IsDue(Yesterday, Slot.AddSeconds(-1)));
        Assert.True(RefreshDecider.IsDue(Yesterday, Slot));
        Assert.Empty(Codes(Yesterday, Slot));
    }

    [Fact]
    public void Refreshed_once_it_is_not_due_again()
    {
        var done = Yesterday with { SucceededAt = Slot.AddMinutes(1) };

        Assert.False(RefreshDecider.IsDue(done, Slot.AddHours(1)));
        Assert.Empty(Codes(done, Slot.AddHours(10)));
    }

    [Fact]
    public void What_was_missed_in_the_night_is_not_done_at_noon_but_told()
    {
        var noon = Slot.AddHours(9);

        Assert.False(RefreshDecider.IsDue(Yesterday, noon));
        Assert.Equal(["refresh-overdue"], Codes(Yesterday, noon));
    }

    [Fact]
    public void One_that_git_has_named_since_its_time_waits_for_the_next()
    {
        var fresh = new RefreshFact(Tenant with { Since = Slot.AddMinutes(1) }, null, null, null, null);

        Assert.False(RefreshDecider.IsDue(fresh, Slot.AddHours(1)));
        Assert.Empty(Codes(fresh, Slot.AddHours(10)));
        Assert.True(RefreshDecider.IsDue(fresh, Slot.AddDays(1)));
    }

    [Fact]
    public void One_that_failed_is_told_and_tried_again_an_hour_later()
    {
        var failed = Yesterday with { Last = new("j-2", Slot, IsUnderWay: false, "a file is damaged.") };

        Assert.False(RefreshDecider.IsDue(failed, Slot.AddMinutes(59)));
        Assert.True(RefreshDecider.IsDue(failed, Slot.AddMinutes(61)));
        var blocker = Assert.Single(RefreshDecider.Blockers(failed, Slot.AddMinutes(10)));
        Assert.Equal("refresh-failed", blocker.Code);
        Assert.Contains("a file is damaged", blocker.What, StringComparison.Ordinal);
        Assert.Contains("j-2", blocker.Next, StringComparison.Ordinal);
    }

    [Fact]
    public void While_one_is_under_way_none_is_due()
    {
        var working = Yesterday with { Last = new("j-2", Slot, IsUnderWay: true, null) };

        Assert.False(RefreshDecider.IsDue(working, Slot.AddHours(2)));
        Assert.Empty(Codes(working, Slot.AddHours(10)));
    }

    [Fact]
    public void On_another_release_it_waits_and_says_so_from_its_time_on()
    {
        var ahead = Yesterday with { Waits = "shop-oslo runs 2026.11.1" };

        Assert.Empty(Codes(ahead, Slot.AddSeconds(-1)));
        Assert.False(RefreshDecider.IsDue(ahead, Slot));
        Assert.Equal(["refresh-waits"], Codes(ahead, Slot));
    }

    [Fact]
    public void What_may_not_be_replaced_is_never_due_and_always_told()
    {
        var wrong = Yesterday with { Refusal = "is a copy of itself" };

        Assert.False(RefreshDecider.IsDue(wrong, Slot));
        Assert.Equal(["refresh-refused"], Codes(wrong, Slot.AddDays(-1).AddHours(1)));
    }

    private static IEnumerable<string> Codes(RefreshFact fact, DateTimeOffset now) =>
        RefreshDecider.Blockers(fact, now).Select(blocker => blocker.Code);
}
