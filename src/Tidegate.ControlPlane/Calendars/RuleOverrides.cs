using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>Rules of calendars that an emergency goes past.</summary>
/// <param name="Emergency">Its id.</param>
/// <param name="Rules">By name, <c>retail/black-friday</c>; none where it goes past gates alone.</param>
public sealed record OverriddenRules(string Emergency, ImmutableHashSet<string> Rules)
{
    /// <param name="overrides">All that it goes past, gates too.</param>
    public static OverriddenRules Of(string emergency, IEnumerable<string> overrides) =>
        new(emergency, RuleOverrides.Names(overrides));
}

/// <summary>How people name a rule that an emergency goes past: what the rule does and its name, <c>freeze:retail/black-friday</c>.</summary>
public static class RuleOverrides
{
    private const char Sign = ':';

    /// <summary>Whether it names a rule of a calendar, and no gate.</summary>
    public static bool IsRule(string written) => written.Contains(Sign, StringComparison.Ordinal);

    public static string Of(CalendarRule rule) => $"{Word(rule)}{Sign}{rule.Name}";

    /// <summary>The names of the rules among what an emergency goes past.</summary>
    public static ImmutableHashSet<string> Names(IEnumerable<string> overrides) =>
        overrides
            .Where(IsRule)
            .Select(written => written[(written.IndexOf(Sign, StringComparison.Ordinal) + 1)..])
            .ToImmutableHashSet(StringComparer.Ordinal);

    /// <summary>Writes each rule with its whole name; the calendar's may be left out where one rule alone is called so. Gates stay as they are.</summary>
    /// <param name="rules">Those in force.</param>
    /// <param name="problem">One sentence that says which is no rule, and what to do; null where all are.</param>
    public static ImmutableArray<string> Whole(
        IEnumerable<string> written,
        ImmutableArray<CalendarRule> rules,
        out (string What, string Next)? problem
    )
    {
        problem = null;
        var whole = ImmutableArray.CreateBuilder<string>();
        foreach (var each in written.Distinct(StringComparer.Ordinal))
        {
            if (!IsRule(each))
            {
                whole.Add(each);
                continue;
            }

            var called = Called(each[(each.IndexOf(Sign, StringComparison.Ordinal) + 1)..], rules);
            if (called is not [var rule] || !each.StartsWith($"{Word(rule)}{Sign}", StringComparison.Ordinal))
            {
                problem = called.Length switch
                {
                    0 => ($"no calendar in force has a rule for {each}.", "tidegate calendar show names them all."),
                    1 => ($"{called[0].Name} is a {Word(called[0])}.", $"name it {Of(called[0])}."),
                    _ => ($"{each} may be more than one rule.", $"name one: {string.Join(", ", called.Select(Of))}."),
                };
                return [];
            }

            whole.Add(Of(rule));
        }

        return [.. whole.Distinct(StringComparer.Ordinal)];
    }

    private static ImmutableArray<CalendarRule> Called(string name, ImmutableArray<CalendarRule> rules) =>
        rules.FirstOrDefault(rule => rule.Name == name) is { } exact
            ? [exact]
            : [.. rules.Where(rule => rule.Name.EndsWith($"/{name}", StringComparison.Ordinal))];

    private static string Word(CalendarRule rule) => rule.Effect.ToString().ToLowerInvariant();
}
