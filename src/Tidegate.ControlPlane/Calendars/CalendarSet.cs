using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>The calendars that are in force together, and the rules that they make.</summary>
/// <param name="Id">Names the content, <c>sha256:…</c>: the same calendars have the same.</param>
/// <param name="Calendars">By name.</param>
public sealed record CalendarSet(string Id, ImmutableArray<TradingCalendar> Calendars)
{
    /// <summary>No calendar at all: everything is open.</summary>
    public static CalendarSet None { get; } = Of([]);

    /// <summary>Read once.</summary>
    public ImmutableArray<CalendarRule> Rules { get; } = CalendarReading.Rules(Calendars);

    public bool IsEmpty => Calendars.IsEmpty;

    public static CalendarSet Of(IEnumerable<TradingCalendar> calendars)
    {
        var sorted = calendars.OrderBy(calendar => calendar.Name.Value, StringComparer.Ordinal).ToImmutableArray();
        return new(
            $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(StoredJson.Write(sorted))))}",
            sorted
        );
    }
}
