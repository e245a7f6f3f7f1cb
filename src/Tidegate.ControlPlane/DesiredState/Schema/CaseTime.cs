using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>An instant as cases write it: with its offset, <c>2026-11-27T22:00+01:00</c>, or by the clock of a zone, <c>2026-11-27T22:00 Europe/Oslo</c>.</summary>
internal static class CaseTime
{
    public const int Longest = 64;

    private static readonly OffsetDateTimePattern Minutes = OffsetDateTimePattern.Create(
        "uuuu-MM-dd'T'HH:mmo<G>",
        CultureInfo.InvariantCulture,
        new LocalDateTime(2000, 1, 1, 0, 0).WithOffset(Offset.Zero)
    );

    private static readonly LocalDateTimePattern Local = LocalDateTimePattern.CreateWithInvariantCulture(
        "uuuu-MM-dd'T'HH:mm"
    );

    /// <exception cref="FormatException">It is none; the message says why, without its end.</exception>
    public static Instant Read(string text) =>
        OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } whole ? whole.Value.ToInstant()
        : Minutes.Parse(text) is { Success: true } minutes ? minutes.Value.ToInstant()
        : text.Split(' ') is [var time, var zone] && Local.Parse(time) is { Success: true } local
            ? ByTheClock(text, local.Value, CalendarText.Zone(zone))
        : throw new FormatException($"\"{text}\" is no instant with its offset: 2026-11-27T22:00+01:00");

    private static Instant ByTheClock(string text, LocalDateTime time, DateTimeZone zone) =>
        zone.MapLocal(time) switch
        {
            { Count: 1 } mapping => mapping.Single().ToInstant(),
            { Count: 0 } => throw new FormatException($"\"{text}\" is skipped by the clocks there"),
            _ => throw new FormatException($"\"{text}\" comes twice there, write it with its offset"),
        };
}
