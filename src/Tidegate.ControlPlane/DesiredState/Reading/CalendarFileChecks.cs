using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState.Schema;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>Every rule of a calendar says something, once, of somebody; and what it names is there.</summary>
internal static class CalendarFileChecks
{
    public static void Check(FleetObjects fleet, FirstProblems problems)
    {
        var rules = fleet.Read<TradingCalendar>(Folders.Calendars).SelectMany(Rules).ToList();
        if (rules.Count == 0)
        {
            return;
        }

        CheckNames(rules, problems);
        CheckMeaning(rules, problems);
        var tags = fleet
            .Read<DesiredTenant>(Folders.Tenants)
            .SelectMany(read => read.Object.Tags)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            CheckReferences(rule, fleet, problems);
            CheckTags(rule, tags, problems);
        }
    }

    private static IEnumerable<Placed> Rules((DesiredDocument Document, TradingCalendar Calendar) read) =>
        CalendarReading
            .Rules(read.Calendar)
            .Select((rule, index) => new Placed(read.Document, index, read.Calendar.Rules[index], rule));

    private static void CheckNames(List<Placed> rules, FirstProblems problems)
    {
        var seen = new Dictionary<string, Placed>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            if (!seen.TryAdd(rule.Rule.Name, rule))
            {
                var first = seen[rule.Rule.Name];
                rule.Add(
                    problems,
                    ["name"],
                    $"{rule.Written.Name} is the name of {FleetChecks.Where(first.Document, first.Document.PlaceWithin("rules", first.Index, "name"))} too.",
                    "Give it another: an override names the one that it means."
                );
            }
        }
    }

    private static void CheckMeaning(List<Placed> rules, FirstProblems problems)
    {
        foreach (var rule in rules)
        {
            if (rule.Rule.When is Recurrence.Unreadable broken)
            {
                rule.Add(problems, ["when"], $"{rule.Written.Name} cannot be read: {broken.Why}.");
            }
        }

        var byRule = rules.ToDictionary(rule => (object)rule.Rule, ReferenceEqualityComparer.Instance);
        foreach (var finding in CalendarChecks.Of(rules.Select(rule => rule.Rule)))
        {
            var rule = byRule[finding.Rule];
            rule.Add(
                problems,
                [finding.Code is CalendarChecks.SpeaksOfNothing ? "scope" : "when"],
                $"{rule.Written.Name} {finding.What}."
            );
        }
    }

    /// <summary>A name without * and ? is that of an object.</summary>
    private static void CheckReferences(Placed rule, FleetObjects fleet, FirstProblems problems)
    {
        var scope = rule.Written.Scope;
        (ObjectFolder Folder, IEnumerable<string> Names)[] lists =
        [
            (Folders.Environments, scope.Environments),
            (Folders.Sites, scope.Sites),
            (Folders.Pools, scope.Pools),
            (Folders.Tenants, scope.Tenants),
        ];
        foreach (var (folder, names) in lists)
        {
            var known = fleet.In(folder);
            foreach (var name in names.Where(name => name.IndexOfAny(['*', '?']) < 0 && !known.ContainsKey(name)))
            {
                rule.Add(
                    problems,
                    ["scope", folder.Name],
                    $"there is no {folder.FileOf(name)}.",
                    problems.HasRoom ? Suggestions.Nearest(name, [.. known.Keys]) : null
                );
            }
        }
    }

    private static void CheckTags(Placed rule, HashSet<string> tags, FirstProblems problems)
    {
        foreach (var tag in rule.Rule.Scope.Tags?.Tags.Where(tag => !tags.Contains(tag)) ?? [])
        {
            rule.Add(
                problems,
                ["scope", "tags"],
                $"no tenant has the tag {tag}.",
                problems.HasRoom ? Suggestions.Nearest(tag, tags) : null
            );
        }
    }

    /// <summary>A rule, and where it is.</summary>
    private sealed record Placed(DesiredDocument Document, int Index, WrittenRule Written, CalendarRule Rule)
    {
        public void Add(FirstProblems problems, string[] within, string what, string? suggestion = null) =>
            problems.Add(Document, Document.PlaceWithin("rules", Index, within), what, suggestion);
    }
}
