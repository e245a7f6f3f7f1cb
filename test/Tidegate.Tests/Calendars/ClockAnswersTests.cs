using NodaTime;
using NodaTime.Text;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.Tests.Calendars;

/// <summary>What calendars mean where clocks change or readers disagree: the table of decision 0034, row by row.</summary>
public sealed class ClockAnswersTests
{
    private static readonly DateTimeZone Oslo = CalendarText.Zone("Europe/Oslo");

    [Theory]
    [InlineData("02:30-04:00", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z")] // begins in the hour that is skipped
    [InlineData("00:00-02:30", "2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z")] // ends in it
    public void Hours_of_a_day_that_are_skipped_are_the_first_instant_after(string hours, string start, string end) =>
        Assert.Equal(new Interval(At(start), At(end)), OfDay(hours, new LocalDate(2026, 3, 29)));

    [Theory]
    [InlineData("02:30-04:00", "2026-10-25T00:30:00Z", "2026-10-25T03:00:00Z")] // the first half past two
    [InlineData("00:00-02:30", "2026-10-24T22:00:00Z", "2026-10-25T01:30:00Z")] // the second
    public void Of_hours_that_come_twice_a_start_is_the_first_and_an_end_the_second(
        string hours,
        string start,
        string end
    ) => Assert.Equal(new Interval(At(start), At(end)), OfDay(hours, new LocalDate(2026, 10, 25)));

    [Theory]
    [InlineData("30 2 * * *", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("30 2 * * *", "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("30 * * * *", "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    public void Cron_leaves_no_skipped_time_out_and_counts_a_repeated_one_once_unless_it_is_of_intervals(
        string cron,
        string from,
        params string[] comes
    ) => Assert.Equal(comes.Select(At), CronSchedule.Parse(cron).From(At(from), Oslo).Take(comes.Length));

    [Fact]
    public void A_length_is_exact_and_days_in_it_are_of_the_calendar()
    {
        var evening = At("2026-03-28T21:00:00Z"); // 22:00, and the clocks change in the night
        Assert.Equal(evening + Duration.FromHours(24), CalendarText.Length("PT24H").Of(evening, Oslo));
        Assert.Equal(evening + Duration.FromHours(23), CalendarText.Length("P1D").Of(evening, Oslo));
    }

    [Fact]
    public void Hours_over_midnight_belong_to_the_day_on_which_they_begin()
    {
        var (start, end) = CalendarText.Hours("19:00-03:00");
        var monday = new Recurrence.Weekly(CalendarText.Days("mon"), start, end);
        Assert.False(Spans.Contains(monday, At("2026-11-23T01:00:00Z"), Oslo)); // in the night to Monday
        Assert.True(Spans.Contains(monday, At("2026-11-24T01:00:00Z"), Oslo));
    }

    [Theory]
    [InlineData("0 3 * * 7")]
    [InlineData("0 3 * *")]
    public void A_cron_that_readers_disagree_on_is_refused(string cron) =>
        Assert.Throws<FormatException>(() => CronSchedule.Parse(cron));

    [Fact]
    public void A_rule_that_ends_twice_is_refused() =>
        Assert.Throws<FormatException>(() =>
            RecurrenceRule.Parse("FREQ=DAILY;COUNT=3;UNTIL=20261231T000000Z", new(2026, 1, 1, 0, 0), [])
        );

    [Theory]
    [InlineData("FREQ=YEARLY;BYMONTHDAY=24")]
    [InlineData("FREQ=WEEKLY;BYDAY=MO")] // does not come at its start, a Tuesday
    public void A_rule_that_readers_disagree_on_is_doubted(string rule) =>
        Assert.NotNull(RecurrenceRule.Parse(rule, new(2026, 11, 24, 0, 0), []).Doubt());

    [Fact]
    public void A_zone_is_never_guessed()
    {
        Assert.Throws<FormatException>(() => CalendarText.Zone("Europe/Atlantis"));
        Assert.Throws<FormatException>(() => CalendarText.Start("2026-11-27T06:00Z", Oslo));
    }

    private static Interval OfDay(string hours, LocalDate date)
    {
        var (start, end) = CalendarText.Hours(hours);
        var midday = date.AtMidnight().PlusHours(12).InZoneLeniently(Oslo).ToInstant();
        return Assert.Single(
            Spans.Within(
                new Recurrence.Weekly([date.DayOfWeek], start, end),
                midday - Duration.FromDays(1),
                midday,
                Oslo
            )
        );
    }

    private static Instant At(string text) => InstantPattern.General.Parse(text).Value;
}
