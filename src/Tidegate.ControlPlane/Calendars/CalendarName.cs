using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>A calendar's name, the stem of its file: <see cref="NameRules"/>.</summary>
[JsonConverter(typeof(NameConverter<CalendarName>))]
public readonly record struct CalendarName(string Value) : IName<CalendarName>
{
    public static CalendarName Create(string value) => new(value);

    public override string ToString() => Value;
}
