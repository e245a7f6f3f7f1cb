using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;

namespace Tidegate.Drivers.Recovery;

/// <summary>Which databases of a backup are restored. PostgreSQL's own always are.</summary>
/// <param name="Names">As the backup knows them; none for all.</param>
/// <param name="Oids">Of these names in the backup.</param>
/// <param name="LeavesOut">Whether others are left out.</param>
internal sealed record IncludedDatabases(ImmutableArray<string> Names, ImmutableHashSet<long> Oids, bool LeavesOut)
{
    // Those exist in every cluster, and pgBackRest refuses to be told of them.
    private static readonly ImmutableArray<string> Always = ["template0", "template1", "postgres"];

    /// <summary>
    /// A tenant's database is another one after each cutover: what it is at the target may be its copy or its checkpoint
    /// in the backup, or a copy that was made of it later. Everything that is named after it comes along. One that the
    /// backup does not know was made later, out of nobody knows which: then all are restored.
    /// </summary>
    public static IncludedDatabases Of(ImmutableArray<string> wanted, ImmutableArray<BackedUpDatabase> backedUp)
    {
        var asked = wanted.Except(Always, StringComparer.Ordinal).ToImmutableArray();
        var named = backedUp.Where(database => asked.Any(name => IsOf(name, database.Name))).ToImmutableArray();
        var all = wanted.IsEmpty || !asked.All(name => named.Any(database => IsOf(name, database.Name)));
        return all
            ? new([], [.. backedUp.Select(database => database.Oid)], LeavesOut: false)
            : new(
                [.. named.Select(database => database.Name)],
                [.. named.Select(database => database.Oid)],
                LeavesOut: true
            );
    }

    private static bool IsOf(string wanted, string name) =>
        string.Equals(name, wanted, StringComparison.Ordinal)
        || name.StartsWith($"{wanted}__", StringComparison.Ordinal);
}
