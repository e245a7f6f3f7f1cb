using Tidegate.Drivers.Runtimes;

namespace Tidegate.Tests.Runtimes;

public sealed class PatienceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_process_that_ends_for_the_first_time_is_started_at_once() => Assert.True(Patience.New.Allows(Noon));

    [Fact]
    public void One_that_keeps_ending_waits_longer_each_time_up_to_a_minute()
    {
        var (now, patience) = (Noon, Patience.New);
        var pauses = new List<double>();
        for (var start = 0; start < 9; start++)
        {
            patience = patience.Started(now);
            pauses.Add((patience.NotBefore - now).TotalSeconds);
            now = patience.NotBefore;
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], pauses);
    }

    [Fact]
    public void One_that_stayed_up_for_five_minutes_has_our_patience_again()
    {
        var tired = Patience.New.Started(Noon).Started(Noon).Started(Noon);

        var rested = tired.Started(Noon.AddMinutes(6));

        Assert.Equal(Noon.AddMinutes(6).AddSeconds(1), rested.NotBefore);
    }
}
