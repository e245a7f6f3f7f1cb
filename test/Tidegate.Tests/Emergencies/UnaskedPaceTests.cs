using Tidegate.ControlPlane.Emergencies;

namespace Tidegate.Tests.Emergencies;

/// <summary>How often all tenants of a fleet are counted for what git does not ask for.</summary>
public sealed class UnaskedPaceTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 3, 0, 0, TimeSpan.Zero);
    private static readonly EmergencyPlace Production = new(new("production"), "1 sha256:1a 4f1c Ann", IsMoving: false);

    [Fact]
    public void Where_there_never_was_an_emergency_nobody_is_counted() =>
        Assert.Equal(0, Counts(TimeSpan.FromHours(1)));

    [Fact]
    public void Where_nothing_changes_it_is_done_twelve_times_an_hour_and_not_every_two_seconds() =>
        Assert.Equal(12, Counts(TimeSpan.FromHours(1), Production));

    [Fact]
    public void While_a_rollout_runs_it_is_done_every_ten_seconds() =>
        Assert.Equal(6, Counts(TimeSpan.FromMinutes(1), Production with { IsMoving = true }));

    [Fact]
    public void Another_emergency_another_release_in_git_and_the_end_of_a_rollout_are_seen_at_once()
    {
        var pace = new UnaskedPace();
        EmergencyPlace[] after =
        [
            Production,
            Production with
            {
                Mark = "2 sha256:1a 4f1c Ann",
            },
            Production with
            {
                Mark = "2 sha256:2b 5a6b Bo",
            },
            Production with
            {
                Mark = "2 sha256:2b 5a6b Bo",
                IsMoving = true,
            },
            Production with
            {
                Mark = "2 sha256:2b 5a6b Bo",
            },
        ];
        foreach (var place in after)
        {
            Assert.True(pace.IsDue([place], Start));
            pace.Counted([place], Start);
            Assert.False(pace.IsDue([place], Start));
        }
    }

    /// <summary>As the loop turns: every two seconds.</summary>
    private static int Counts(TimeSpan time, params EmergencyPlace[] places)
    {
        var pace = new UnaskedPace();
        var counts = 0;
        for (var now = Start; now < Start + time; now += TimeSpan.FromSeconds(2))
        {
            // Read anew each time, as from the database.
            EmergencyPlace[] read = [.. places.Select(place => place with { })];
            if (pace.IsDue(read, now))
            {
                counts++;
                pace.Counted(read, now);
            }
        }

        return counts;
    }
}
