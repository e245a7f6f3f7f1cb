using NodaTime;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Timetables as the API shows them.</summary>
internal static class TimetableDocuments
{
    public static TimetableView View(this Timetable timetable) =>
        new(
            timetable.From,
            timetable.Until,
            [.. timetable.Waves.Select(wave => new TimetabledWaveView(wave.Number, [.. wave.Tenants.Select(View)]))],
            timetable.Last is { } last ? View(last) : null,
            [.. timetable.Unfit.Select(unfit => new UnfitTenantView(unfit.Tenant.Value, unfit.Reason, unfit.Earliest))],
            timetable.Past
        );

    private static TimetabledTenantView View(TimetabledTenant tenant) =>
        new(
            tenant.Tenant.Value,
            Local(tenant.Start, tenant.Zone),
            Local(tenant.Done, tenant.Zone),
            tenant.Zone,
            tenant.Closes is { } closes ? Local(closes, tenant.Zone) : null,
            tenant.ClosedBy
        );

    private static DateTimeOffset Local(DateTimeOffset at, string zone) =>
        Instant.FromDateTimeOffset(at).InZone(CalendarText.Zone(zone)).ToDateTimeOffset();
}
