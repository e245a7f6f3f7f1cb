namespace Tidegate.ControlPlane.Rehearsals.Observed;

/// <summary>What differs between two structures, one line each, for people.</summary>
public static class StructureChanges
{
    public static IEnumerable<string> Between(Structure before, Structure after) =>
        [
            .. Of("table", Tables(before), Tables(after)),
            .. Of("column", Columns(before), Columns(after)),
            .. Of(
                "constraint",
                before.Constraints.Select(item => (item.Key, item.Definition)),
                after.Constraints.Select(item => (item.Key, item.Definition))
            ),
            .. Of("index", Indexes(before), Indexes(after)),
            .. Of("enumeration", Enums(before), Enums(after)),
            .. Of("extension", Extensions(before), Extensions(after)),
        ];

    private static IEnumerable<string> Of(
        string kind,
        IEnumerable<(string Name, string Shape)> before,
        IEnumerable<(string Name, string Shape)> after
    )
    {
        var (was, now) = (before.ToDictionary(StringComparer.Ordinal), after.ToDictionary(StringComparer.Ordinal));
        foreach (var name in was.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            switch (was.GetValueOrDefault(name), now.GetValueOrDefault(name))
            {
                case (null, { } made):
                    yield return $"{kind} {name} is new: {made}".TrimEnd(':', ' ');
                    break;
                case ({ }, null):
                    yield return $"{kind} {name} is gone";
                    break;
                case ({ } old, { } changed) when old != changed:
                    yield return $"{kind} {name} was {old} and is {changed}";
                    break;
            }
        }
    }

    private static IEnumerable<(string, string)> Tables(Structure structure) =>
        structure.Relations.Where(item => item.Kind is "r" or "v" or "m").Select(item => (item.Name, ""));

    private static IEnumerable<(string, string)> Columns(Structure structure) =>
        structure.Columns.Select(item =>
            (
                item.Key,
                $"{item.Type}{(item.Length is { } length ? $"({length})" : "")}{(item.IsRequired ? " not null" : "")}"
            )
        );

    private static IEnumerable<(string, string)> Indexes(Structure structure) =>
        structure.Indexes.Select(item =>
            (item.Name, $"{(item.IsUnique ? "unique " : "")}on {item.Table} ({string.Join(", ", item.Columns)})")
        );

    private static IEnumerable<(string, string)> Enums(Structure structure) =>
        structure.Enums.Select(item => (item.Name, string.Join(", ", item.Values)));

    private static IEnumerable<(string, string)> Extensions(Structure structure) =>
        structure.Extensions.Select(item => (item, ""));
}
