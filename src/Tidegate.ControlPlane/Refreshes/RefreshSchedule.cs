using System.Globalization;
using NodaTime;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>
/// The times at which a staging tenant is due, by its own clock. A time that the clock skips is the moment after the
/// skip; of one that comes twice it is the first.
/// </summary>
public static class RefreshSchedule
{
    private const int DaysOfWeek = 7;

    /// <summary>The last time at or before now; null for one that is never due.</summary>
    public static DateTimeOffset? Last(StagingTenant tenant, DateTimeOffset now) =>
        Around(tenant, now).Where(time => time <= now).Select(time => (DateTimeOffset?)time).Max();

    /// <summary>The first time after now; null for one that is never due.</summary>
    public static DateTimeOffset? Next(StagingTenant tenant, DateTimeOffset now) =>
        Around(tenant, now).Where(time => time > now).Select(time => (DateTimeOffset?)time).Min();

    /// <summary>All times of the week before and the week behind, with a day more on each side: a day is not always 24 hours.</summary>
    private static IEnumerable<DateTimeOffset> Around(StagingTenant tenant, DateTimeOffset now)
    {
        if (tenant.Terms.Refresh is RefreshPace.Never)
        {
            yield break;
        }

        var zone = DateTimeZoneProviders.Tzdb[tenant.TimeZone];
        var time = TimeOnly.ParseExact(tenant.Terms.At, "HH:mm", CultureInfo.InvariantCulture);
        var today = Instant.FromDateTimeOffset(now).InZone(zone).Date;
        for (var day = -DaysOfWeek - 1; day <= DaysOfWeek + 1; day++)
        {
            var date = today.PlusDays(day);
            if (tenant.Terms.Refresh is RefreshPace.Daily || date.DayOfWeek == tenant.Terms.Day.ToIso())
            {
                yield return Clocks
                    .Start(date.At(new LocalTime(time.Hour, time.Minute)), zone)
                    .InZone(zone)
                    .ToDateTimeOffset();
            }
        }
    }

    private static IsoDayOfWeek ToIso(this DayOfWeek day) =>
        day is DayOfWeek.Sunday ? IsoDayOfWeek.Sunday : (IsoDayOfWeek)(int)day;
}
