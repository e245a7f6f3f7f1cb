using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Recovery;

/// <summary>Looks at what was restored: the wanted databases are there, whole, and can be opened.</summary>
internal static class RestoredDatabases
{
    private const string NotWhole =
        "the backup or the archive behind it is damaged there, or lacks what the database was copied from; leave the databases out to restore all, and see tidegate backup verify.";

    /// <exception cref="JobFailedException">One is not.</exception>
    public static async Task CheckAsync(
        SitePostgres postgres,
        ImmutableArray<string> wanted,
        IncludedDatabases included,
        RecoveryLog log,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<(long Oid, string Name)> there;
        await using (
            var session = await postgres.OpenAsync(SitePostgres.Maintenance, SitePostgres.Superuser, cancellationToken)
        )
        {
            there = await session.QueryAsync(
                "select oid::bigint, datname::text from pg_database",
                [],
                row => (row.GetInt64(0), row.GetString(1)),
                cancellationToken
            );
        }

        RefuseInvalidPages(there, wanted, included, log);
        foreach (var name in wanted)
        {
            if (!there.Any(database => string.Equals(database.Name, name, StringComparison.Ordinal)))
            {
                throw new JobFailedException(
                    $"there was no database {name} at the target; there were: {string.Join(", ", there.Select(database => database.Name).Order(StringComparer.Ordinal))}."
                );
            }

            await OpenAsync(postgres, name, cancellationToken);
        }
    }

    private static void RefuseInvalidPages(
        ImmutableArray<(long Oid, string Name)> there,
        ImmutableArray<string> wanted,
        IncludedDatabases included,
        RecoveryLog log
    )
    {
        var counted = included
            .Oids.Add(RecoveryLog.Shared)
            .Union(
                there
                    .Where(database => wanted.IsEmpty || wanted.Contains(database.Name, StringComparer.Ordinal))
                    .Select(database => database.Oid)
            );
        var bad = log.InvalidPages.Where(pages => counted.Contains(pages.Key)).OrderBy(pages => pages.Key).ToList();
        if (bad.Count > 0)
        {
            throw new JobFailedException(
                $"pages are missing in {string.Join(", ", bad.Select(pages => $"{Name(pages.Key)} ({pages.Value})"))}: {NotWhole}"
            );
        }

        string Name(long oid) =>
            there.FirstOrDefault(database => database.Oid == oid).Name
            ?? (
                oid == RecoveryLog.Shared
                    ? "the shared catalogues"
                    : $"a database with OID {oid.ToString(CultureInfo.InvariantCulture)}"
            );
    }

    // One that refuses connections is opened too: it is asked for, and a template or checkpoint may be meant.
    private static async Task OpenAsync(SitePostgres postgres, string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await postgres.OpenAsync(name, SitePostgres.Superuser, cancellationToken);
            await session.ScalarAsync<long>("select count(*) from pg_class", [], cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            // It takes no connections: a checkpoint, a copy in the making.
        }
        catch (PostgresException broken)
        {
            throw new JobFailedException(
                $"database {name} cannot be opened ({broken.MessageText}): {NotWhole}",
                broken
            );
        }
    }
}
