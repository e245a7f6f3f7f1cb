namespace Tidegate.ControlPlane.Calendars;

/// <summary>What is wrong with rules that can be read: they would say nothing, the same twice, or what readers disagree on.</summary>
public static class CalendarChecks
{
    public const string Duplicate = "duplicate";
    public const string NeverComes = "never-comes";
    public const string Doubtful = "doubtful";
    public const string SpeaksOfNothing = "speaks-of-nothing";
    public const string EndsBefore = "ends-before-it-begins";

    public static IEnumerable<CalendarFinding> Of(IEnumerable<CalendarRule> rules)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            if (!said.TryAdd(CalendarWords.Of(rule), rule.Name))
            {
                yield return new(rule, Duplicate, $"says the same as {said[CalendarWords.Of(rule)]}");
            }

            if (CalendarWords.Of(rule.Scope) is "nothing")
            {
                yield return new(
                    rule,
                    SpeaksOfNothing,
                    "names nobody: say environments, pools, tenants or tags, * for all"
                );
            }

            if (OfRecurrence(rule.When) is ({ } code, { } what))
            {
                yield return new(rule, code, what);
            }
        }
    }

    private static (string Code, string What)? OfRecurrence(Recurrence when) =>
        when switch
        {
            Recurrence.Once once when once.End <= once.Start => (EndsBefore, "ends before it begins"),
            Recurrence.Weekly { Days.IsEmpty: true } => (NeverComes, "has no day on which it begins"),
            Recurrence.Cron { Start: { NeverComes: true } cron } => (NeverComes, $"never begins: no day fits {cron}"),
            Recurrence.CronPair { Start: { NeverComes: true } cron } => (
                NeverComes,
                $"never begins: no day fits {cron}"
            ),
            Recurrence.CronPair { End: { NeverComes: true } cron } => (NeverComes, $"never ends: no day fits {cron}"),
            Recurrence.Ruled { Rule: var rule } when rule.Doubt() is { } doubt => (Doubtful, doubt),
            _ => null,
        };
}

/// <summary>One thing that is wrong with a rule.</summary>
/// <param name="What">Goes on from the rule's name, without its end.</param>
public sealed record CalendarFinding(CalendarRule Rule, string Code, string What);
