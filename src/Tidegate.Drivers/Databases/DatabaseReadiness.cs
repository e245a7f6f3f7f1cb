using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Databases;

/// <summary>Whether a tenant's database can be cut over, read before anything is touched.</summary>
/// <param name="SizeBytes">Size on disk; 0 when it does not exist.</param>
/// <param name="FreeBytes">Free on the file system of PostgreSQL's data directory.</param>
/// <param name="Refusals">One plain sentence for each thing that stands in the way, and what to do; empty when it is ready.</param>
public sealed record DatabaseReadiness(bool Exists, long SizeBytes, long FreeBytes, ImmutableArray<string> Refusals)
{
    /// <param name="declaredRoles">Roles beside the pools' that may be connected to the tenant: the cutover ends their sessions.</param>
    public static async Task<DatabaseReadiness> ReadAsync(
        SitePostgres site,
        string database,
        IReadOnlyCollection<string> declaredRoles,
        CancellationToken cancellationToken
    )
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        var free = await DiskRoom.FreeAsync(session, cancellationToken);
        var name = NameRules.DatabaseRefusal(database) is { } bad ? ImmutableArray.Create(Sentence(bad)) : [];
        if (await DatabaseFacts.FindAsync(session, database, cancellationToken) is not { } facts)
        {
            return new(false, 0, free, [.. name, $"Database {database} does not exist. Correct the tenant."]);
        }

        var size = await session.ScalarAsync<long>("select pg_database_size($1::oid)", [facts.Oid], cancellationToken);
        return new(
            true,
            size,
            free,
            [
                .. name,
                .. DiskRoom.Refusal(database, size, free) is { } full ? [full] : ImmutableArray<string>.Empty,
                .. await ClusterQuestions.AskAsync(session, database, declaredRoles, cancellationToken),
                .. facts.IsOpen
                    ? await OdooQuestions.AskAsync(site, database, cancellationToken)
                    :
                    [
                        $"Database {database} is closed: another upgrade has fenced it, or it was closed by hand. Wait for that upgrade to end, or open the database.",
                    ],
            ]
        );
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
