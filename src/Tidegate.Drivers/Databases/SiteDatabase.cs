namespace Tidegate.Drivers.Databases;

/// <summary>What a cluster needs once before it can serve as a site's: roles and the site's own tables; where the control plane lives, its database.</summary>
public static class SiteDatabase
{
    /// <summary>
    /// Prepares the cluster for tenants, as its superuser. Running it again changes nothing. Afterwards nothing of ours
    /// needs the superuser but registration of a database that somebody else made.
    /// </summary>
    public static async Task PrepareAsync(SitePostgres site, CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            SitePostgres.Superuser,
            cancellationToken
        );
        await ExecuteAsync(session, Roles.Concat(Rights), cancellationToken);
        await session.InTransactionAsync(() => session.ExecuteAsync(Tables, cancellationToken), cancellationToken);
    }

    /// <summary>Makes the control plane's own database in the cluster. Running it again changes nothing.</summary>
    public static async Task PrepareControlAsync(SitePostgres site, CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            SitePostgres.Superuser,
            cancellationToken
        );
        await ExecuteAsync(
            session,
            [
                CreateRole(DatabaseNames.ControlRole),
                $"ALTER ROLE {DatabaseNames.ControlRole} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE",
                CreateRole(DatabaseNames.ServerRole),
                $"ALTER ROLE {DatabaseNames.ServerRole} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS",
                .. await MissingDatabaseAsync(session, cancellationToken),
                $"REVOKE ALL ON DATABASE {DatabaseNames.ControlDatabase} FROM PUBLIC",
                $"GRANT CONNECT ON DATABASE {DatabaseNames.ControlDatabase} TO {DatabaseNames.ServerRole}",
            ],
            cancellationToken
        );
    }

    /// <summary>What tells this cluster from every other: PostgreSQL's system identifier, given by initdb.</summary>
    public static async Task<string> IdentityAsync(SitePostgres site, CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        return await session.ScalarAsync<string>(
                "select system_identifier::text from pg_control_system()",
                [],
                cancellationToken
            ) ?? throw new InvalidOperationException("PostgreSQL does not say which cluster it is.");
    }

    private static async Task ExecuteAsync(
        PostgresSession session,
        IEnumerable<string> statements,
        CancellationToken cancellationToken
    )
    {
        foreach (var statement in statements)
        {
            await session.ExecuteAsync(statement, cancellationToken);
        }
    }

    private static IEnumerable<string> Roles =>
        [
            CreateRole(DatabaseNames.SiteRole),
            $"ALTER ROLE {DatabaseNames.SiteRole} LOGIN NOSUPERUSER CREATEDB CREATEROLE NOREPLICATION NOBYPASSRLS",
            $"GRANT pg_signal_backend, pg_monitor, pg_checkpoint TO {DatabaseNames.SiteRole}",
        ];

    // The site hands CONNECT on the maintenance database on to generations (the list of databases, LISTEN, NOTIFY),
    // and the superuser owns that database: hence the grant option.
    private static IEnumerable<string> Rights =>
        [
            "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC",
            $"GRANT CONNECT ON DATABASE postgres TO {DatabaseNames.SiteRole} WITH GRANT OPTION",
            $"GRANT CREATE ON DATABASE postgres TO {DatabaseNames.SiteRole}",
            $"GRANT EXECUTE ON FUNCTION pg_switch_wal(), pg_create_restore_point(text) TO {DatabaseNames.SiteRole}",
        ];

    private static string Tables =>
        $"""
            SET LOCAL ROLE {DatabaseNames.SiteRole};
            CREATE SCHEMA IF NOT EXISTS tidegate;
            CREATE TABLE IF NOT EXISTS tidegate.tenant_epoch (
                tenant text PRIMARY KEY,
                epoch bigint NOT NULL
            );
            CREATE TABLE IF NOT EXISTS tidegate.fence (
                upgrade text PRIMARY KEY,
                tenant text NOT NULL,
                database text NOT NULL,
                epoch bigint NOT NULL,
                connects text[] NOT NULL,
                members text[] NOT NULL,
                fenced_at timestamptz NOT NULL
            );
            CREATE TABLE IF NOT EXISTS tidegate.signal (
                database text PRIMARY KEY,
                value bigint NOT NULL
            );
            CREATE TABLE IF NOT EXISTS tidegate.copy (
                database text PRIMARY KEY,
                upgrade text NOT NULL,
                tenant text NOT NULL,
                epoch bigint NOT NULL,
                oid bigint NOT NULL,
                made_at timestamptz NOT NULL,
                migration_begun_at timestamptz
            );
            CREATE TABLE IF NOT EXISTS tidegate.swap (
                upgrade text PRIMARY KEY,
                tenant text NOT NULL,
                database text NOT NULL,
                epoch bigint NOT NULL,
                oid_before bigint NOT NULL,
                oid_after bigint NOT NULL,
                lsn text NOT NULL,
                swapped_at timestamptz NOT NULL,
                swapped_back_at timestamptz
            );
            CREATE TABLE IF NOT EXISTS tidegate.archive_mark (
                one boolean PRIMARY KEY CHECK (one),
                at timestamptz NOT NULL
            );
            CREATE TABLE IF NOT EXISTS tidegate.restore_point (
                name text PRIMARY KEY CHECK (octet_length(name) BETWEEN 1 AND 63),
                lsn text NOT NULL,
                made_at timestamptz NOT NULL
            );
            ALTER TABLE tidegate.swap
                ADD COLUMN IF NOT EXISTS transaction text,
                ADD COLUMN IF NOT EXISTS mails_given bigint,
                ADD COLUMN IF NOT EXISTS mails_queued bigint,
                ADD COLUMN IF NOT EXISTS kept boolean NOT NULL DEFAULT false,
                ADD COLUMN IF NOT EXISTS back_lsn text;
            CREATE TABLE IF NOT EXISTS tidegate.restored (
                job text PRIMARY KEY,
                tenant text NOT NULL,
                database text NOT NULL,
                oid bigint NOT NULL,
                made_at timestamptz NOT NULL
            );
            """;

    private static string CreateRole(string role) =>
        $"DO $$ BEGIN CREATE ROLE {role} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$";

    private static async Task<IEnumerable<string>> MissingDatabaseAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    ) =>
        await session.ScalarAsync<bool>(
            "select exists (select from pg_database where datname = $1)",
            [DatabaseNames.ControlDatabase],
            cancellationToken
        )
            ? []
            : [$"CREATE DATABASE {DatabaseNames.ControlDatabase} OWNER {DatabaseNames.ControlRole}"];
}
