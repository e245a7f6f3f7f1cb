using System.Globalization;
using CsCheck;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Refreshes;

namespace Tidegate.Tests.Refreshes;

/// <summary>When a staging tenant is due, by its own clock.</summary>
public sealed class RefreshScheduleTests
{
    private static readonly string[] Zones =
    [
        "Europe/Oslo",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
        "Asia/Kolkata",
        "UTC",
    ];

    private static readonly Gen<(StagingTenant Tenant, DateTimeOffset Now)> Drawn = Gen.Select(
        Gen.Int[0, Zones.Length - 1].Select(index => Zones[index]),
        Gen.Bool.Select(daily => daily ? RefreshPace.Daily : RefreshPace.Weekly),
        Gen.Enum<DayOfWeek>(),
        Gen.Int[0, (24 * 60) - 1],
        // Two years to the second.
        Gen.Int[0, 2 * 365 * 86_400],
        (zone, pace, day, minute, seconds) =>
            (
                Tenant(
                    zone,
                    pace,
                    day,
                    TimeOnly.MinValue.AddMinutes(minute).ToString("HH:mm", CultureInfo.InvariantCulture)
                ),
                new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds)
            )
    );

    [Fact]
    public void Now_lies_between_the_last_time_and_the_next_and_they_are_neighbours() =>
        Drawn.Sample(
            drawn =>
            {
                var (last, next) = (
                    RefreshSchedule.Last(drawn.Tenant, drawn.Now)!.Value,
                    RefreshSchedule.Next(drawn.Tenant, drawn.Now)!.Value
                );

                Assert.True(last <= drawn.Now && drawn.Now < next);
                Assert.Equal(last, RefreshSchedule.Last(drawn.Tenant, last));
                Assert.Equal(last, RefreshSchedule.Last(drawn.Tenant, next.AddTicks(-1)));
                Assert.Equal(next, RefreshSchedule.Next(drawn.Tenant, last));
                var days = drawn.Tenant.Terms.Refresh is RefreshPace.Daily ? 1 : 7;
                // Clocks are put forward and back by two hours at most in these zones.
                Assert.InRange(next - last, TimeSpan.FromHours((24 * days) - 2), TimeSpan.FromHours((24 * days) + 2));
            },
            iter: 2000
        );

    [Fact]
    public void It_is_the_wanted_time_of_the_wanted_day_wherever_the_clock_shows_it() =>
        Drawn.Sample(
            drawn =>
            {
                var local = RefreshSchedule.Next(drawn.Tenant, drawn.Now)!.Value.DateTime;

                var shown = local.ToString("HH:mm", CultureInfo.InvariantCulture);
                var skipped = TimeZoneInfo
                    .FindSystemTimeZoneById(drawn.Tenant.TimeZone)
                    .IsInvalidTime(
                        local.Date + TimeOnly.Parse(drawn.Tenant.Terms.At, CultureInfo.InvariantCulture).ToTimeSpan()
                    );
                Assert.True(skipped || shown == drawn.Tenant.Terms.At, $"{local:O} in {drawn.Tenant.TimeZone}");
                if (drawn.Tenant.Terms.Refresh is RefreshPace.Weekly && !skipped)
                {
                    Assert.Equal(drawn.Tenant.Terms.Day, local.DayOfWeek);
                }
            },
            iter: 2000
        );

    [Theory]
    [InlineData("2026-03-29T00:00:00Z", "2026-03-29T03:00:00+02:00")] // 02:30 is skipped: the first moment after it
    [InlineData("2026-10-25T00:00:00Z", "2026-10-25T02:30:00+02:00")] // 02:30 comes twice: the first
    [InlineData("2026-10-25T00:45:00Z", "2026-10-26T02:30:00+01:00")] // and the second is none
    public void Where_the_clock_is_changed_it_is_due_once(string now, string next) =>
        Assert.Equal(
            DateTimeOffset.Parse(next, CultureInfo.InvariantCulture),
            RefreshSchedule.Next(
                Tenant("Europe/Oslo", RefreshPace.Daily, DayOfWeek.Sunday, "02:30"),
                DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)
            )
        );

    [Fact]
    public void One_that_is_refreshed_only_by_people_is_never_due()
    {
        var tenant = Tenant("Europe/Oslo", RefreshPace.Never, DayOfWeek.Sunday, "03:00");

        Assert.Null(RefreshSchedule.Last(tenant, DateTimeOffset.UnixEpoch));
        Assert.Null(RefreshSchedule.Next(tenant, DateTimeOffset.UnixEpoch));
    }

    internal static StagingTenant Tenant(string zone, RefreshPace pace, DayOfWeek day, string at) =>
        new(
            new TenantName("shop-test"),
            zone,
            new(new TenantName("shop-oslo"))
            {
                Refresh = pace,
                Day = day,
                At = at,
            },
            DateTimeOffset.UnixEpoch
        );
}
