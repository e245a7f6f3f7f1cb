using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>How a copy is made: the statements, without the questions of <see cref="CopyHandler"/>.</summary>
internal static class CopyMaking
{
    private const string FileCopy = "file_copy";
    private const string WalLog = "wal_log";

    /// <summary>
    /// Copies the closed source, born closed: nobody can connect before it has its rights. WAL_LOG while a base backup
    /// runs, also when one began meanwhile: with FILE_COPY a restored backup could hold a copy of a later source.
    /// </summary>
    /// <returns>The strategy that was used.</returns>
    public static async Task<string> CreateAsync(
        FencedSession session,
        string source,
        string copy,
        CancellationToken cancellationToken
    )
    {
        if (!await CopyInterlock.TryEnterAsync(session.Postgres, cancellationToken))
        {
            return await CreateAsync(session.Postgres, source, copy, WalLog, cancellationToken);
        }

        // What fails ends the step's session, and with it the lock.
        await CreateAsync(session.Postgres, source, copy, FileCopy, cancellationToken);
        var backupRan = await CopyInterlock.BaseBackupRunsAsync(session.Postgres, cancellationToken);
        await CopyInterlock.LeaveAsync(session.Postgres, cancellationToken);
        if (!backupRan)
        {
            return FileCopy;
        }

        // Of somebody who backs up by hand and asks nobody.
        await session.Postgres.ExecuteAllAsync(
            [$"ALTER DATABASE {Sql.Name(copy)} WITH IS_TEMPLATE false", $"DROP DATABASE {Sql.Name(copy)}"],
            cancellationToken
        );
        return await CreateAsync(session.Postgres, source, copy, WalLog, cancellationToken);
    }

    /// <summary>The migrator may connect to the copy; nobody else. Inside the caller's transaction.</summary>
    public static Task OpenToMigratorAsync(
        PostgresSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var copy = DatabaseNames.Next(context.Target.Database);
        return session.ExecuteAllAsync(
            TenantRights
                .Give(copy, DatabaseNames.Owner(context.Target.Database), DatabaseNames.Migrator(context.Target.Pool))
                .Append($"ALTER DATABASE {Sql.Name(copy)} WITH ALLOW_CONNECTIONS true"),
            cancellationToken
        );
    }

    /// <summary>Forgets the copy, and the migrator works for this tenant no more. Inside the caller's transaction, after the copy is gone.</summary>
    public static async Task<int> CloseMigratorAsync(
        PostgresSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        await PoolRoles.RevokeMembershipAsync(
            session,
            DatabaseNames.Owner(context.Target.Database),
            DatabaseNames.Migrator(context.Target.Pool),
            cancellationToken
        );
        return await session.ExecuteAsync(
            "delete from tidegate.copy where database = $1 and upgrade = $2",
            [context.Target.Database, context.Upgrade.Value],
            cancellationToken
        );
    }

    private static async Task<string> CreateAsync(
        PostgresSession session,
        string source,
        string copy,
        string strategy,
        CancellationToken cancellationToken
    )
    {
        await session.ExecuteAsync(
            $"CREATE DATABASE {Sql.Name(copy)} WITH TEMPLATE {Sql.Name(source)} STRATEGY {strategy} OWNER {DatabaseNames.SiteRole} IS_TEMPLATE true ALLOW_CONNECTIONS false",
            cancellationToken
        );
        return strategy;
    }
}
