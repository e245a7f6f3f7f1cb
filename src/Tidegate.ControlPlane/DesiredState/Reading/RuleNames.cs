using System.Collections.Immutable;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState.Schema;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>Rules of a fleet's calendars, as files name them where they may be gone past: <c>freeze:retail/black-friday</c>.</summary>
internal sealed class RuleNames(FleetObjects fleet)
{
    private readonly ImmutableArray<CalendarRule> _rules =
    [
        .. fleet.Read<TradingCalendar>(Folders.Calendars).SelectMany(read => CalendarReading.Rules(read.Object)),
    ];

    /// <summary>What is wrong with a name without <c>*</c> and <c>?</c>; null where a rule is called so, or nobody can tell.</summary>
    public (string What, string? Suggestion)? Problem(string named)
    {
        var name = named[(named.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (_rules.Any(rule => RuleOverrides.Of(rule) == named) || IsOfBroken(name))
        {
            return null;
        }

        if (_rules.FirstOrDefault(rule => rule.Name == name) is { } other)
        {
            return (
                $"{name} is a {other.Effect.ToString().ToLowerInvariant()}.",
                $"Did you mean \"{RuleOverrides.Of(other)}\"?"
            );
        }

        return name.Contains('/', StringComparison.Ordinal)
            ? ($"no calendar has a rule for {named}.", Suggestions.Nearest(named, [.. _rules.Select(RuleOverrides.Of)]))
            : ($"{named} leaves out the calendar, and so names no rule.", OfAnyCalendar(name));
    }

    private string? OfAnyCalendar(string name) =>
        _rules.FirstOrDefault(rule => rule.Name.EndsWith($"/{name}", StringComparison.Ordinal)) is { } rule
            ? $"Did you mean \"{RuleOverrides.Of(rule)}\"?"
            : null;

    /// <summary>A calendar that cannot be read may have the rule: that is told already.</summary>
    private bool IsOfBroken(string name) =>
        fleet.In(Folders.Calendars).TryGetValue(name.Split('/')[0], out var document) && document.Object is null;
}
