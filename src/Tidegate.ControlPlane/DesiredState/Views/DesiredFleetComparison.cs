using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState.Views;

/// <summary>What is different between two fleets, object by object. Nothing between a fleet and itself; the other way round every change is the other way round.</summary>
public static class DesiredFleetComparison
{
    /// <summary>By kind of object in the order of the fleet, then by name.</summary>
    public static ImmutableArray<ObjectChange> Compare(DesiredFleet before, DesiredFleet after) =>
        [
            .. Change(OrganisationSchema.Schema, "", before.Organisation, after.Organisation) is { } root
                ? [root]
                : Array.Empty<ObjectChange>(),
            .. Compare(SiteSchema.Schema, before.Sites, after.Sites),
            .. Compare(EnvironmentSchema.Schema, before.Environments, after.Environments),
            .. Compare(PoolSchema.Schema, before.Pools, after.Pools),
            .. Compare(TenantSchema.Schema, before.Tenants, after.Tenants),
            .. Compare(ReleaseSchema.Schema, before.Releases, after.Releases),
            .. Compare(PolicySchema.Schema, before.Policies, after.Policies),
            .. Compare(ObjectiveSchema.Schema, before.Objectives, after.Objectives),
            .. Compare(CalendarSchema.Schema, before.Calendars, after.Calendars),
        ];

    private static IEnumerable<ObjectChange> Compare<TName, TObject>(
        ObjectSchema schema,
        NamedObjects<TName, TObject> before,
        NamedObjects<TName, TObject> after
    )
        where TName : struct, IName<TName>
        where TObject : class, INamed<TName>
    {
        // Both are in the order of their names: walk them side by side.
        for (var (left, right) = (0, 0); left < before.Count || right < after.Count; )
        {
            var order =
                left == before.Count ? 1
                : right == after.Count ? -1
                : string.CompareOrdinal(before[left].Name.Value, after[right].Name.Value);
            var old = order <= 0 ? before[left++] : null;
            var @new = order >= 0 ? after[right++] : null;
            if (Change(schema, (old ?? @new)!.Name.Value, old, @new) is { } change)
            {
                yield return change;
            }
        }
    }

    private static ObjectChange? Change(ObjectSchema schema, string name, object? before, object? after)
    {
        // An object that was read from the same content is the same object.
        if (ReferenceEquals(before, after))
        {
            return null;
        }

        var (old, @new) = (Lines(schema, before), Lines(schema, after));
        var keys = old
            .Keys.Union(@new.Keys, StringComparer.Ordinal)
            .Select(key => new KeyChange(key, old.GetValueOrDefault(key), @new.GetValueOrDefault(key)))
            .Where(change => change.Before != change.After)
            .OrderBy(change => change.Key, StringComparer.Ordinal)
            .ToImmutableArray();
        return before is null ? new(schema.Noun, name, ChangeKind.Added, keys)
            : after is null ? new(schema.Noun, name, ChangeKind.Removed, keys)
            : keys.IsEmpty ? null
            : new(schema.Noun, name, ChangeKind.Changed, keys);
    }

    private static Dictionary<string, string> Lines(ObjectSchema schema, object? value) =>
        value is null
            ? []
            : ObjectText
                .Lines(schema, value)
                .ToDictionary(line => line.Path, line => line.Text, StringComparer.Ordinal);
}

/// <summary>An object that differs.</summary>
/// <param name="Noun"><c>tenant</c>, <c>pool</c>, …; <c>fleet</c> for the root, which has no name.</param>
/// <param name="Keys">By key; of an object that is new or gone all that have a value.</param>
public sealed record ObjectChange(string Noun, string Name, ChangeKind Kind, ImmutableArray<KeyChange> Keys);

/// <summary>A key with two values, as they would be written in the file; null where it has none. Defaults are filled in.</summary>
/// <param name="Key">With its path: <c>rollout.bake</c>.</param>
public sealed record KeyChange(string Key, string? Before, string? After);

/// <summary>What happened to an object.</summary>
public enum ChangeKind
{
    Added,
    Removed,
    Changed,
}
