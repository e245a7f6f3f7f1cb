namespace Tidegate.Drivers.Databases;

/// <summary>Drops a database of the site with everything that works on it. Nothing when it is not there.</summary>
internal static class DatabaseRemoval
{
    /// <returns>Null once it is gone; otherwise who keeps it busy.</returns>
    public static async Task<string?> DropAsync(
        FencedSession session,
        string database,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (await DatabaseFacts.FindAsync(session.Postgres, database, cancellationToken) is not { } facts)
        {
            return null;
        }

        // A DROP that was cut leaves a database that ALTER refuses and only DROP takes.
        if (facts.IsWhole)
        {
            await session.InTransactionAsync(
                postgres =>
                    postgres.ExecuteAsync(
                        $"ALTER DATABASE {Sql.Name(database)} WITH IS_TEMPLATE false ALLOW_CONNECTIONS false",
                        cancellationToken
                    ),
                cancellationToken
            );
            if (await EmptyDatabase.ProveAsync(session, database, clock, cancellationToken) is { } refusal)
            {
                return refusal;
            }
        }

        await StandingClients.DropAsync(session.Postgres, database, clock, cancellationToken);
        return null;
    }
}
