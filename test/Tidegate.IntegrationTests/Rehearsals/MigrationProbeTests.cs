using System.Globalization;
using Npgsql;
using Tidegate.ControlPlane.Rehearsals.Lint;
using Tidegate.ControlPlane.Rehearsals.Observed;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Rehearsals.Probing;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Rehearsals;

/// <summary>The probe on a real server: what a migration did is seen, also what it did without a word and what it failed to do.</summary>
public sealed class MigrationProbeTests(MigrationProbeTests.LoggingCluster cluster)
    : IClassFixture<MigrationProbeTests.LoggingCluster>
{
    private const string Migrator = "mover";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Statements_rewrites_and_drops_are_seen()
    {
        var observed = await ObserveAsync(
            "seen",
            "ALTER TABLE shop_order ADD COLUMN channel varchar",
            "ALTER TABLE shop_order ALTER COLUMN total TYPE numeric(12, 2)",
            "CREATE INDEX shop_order_channel ON shop_order (channel)",
            "ALTER TABLE shop_order DROP COLUMN remark",
            "CREATE TABLE brand_new (id serial PRIMARY KEY)"
        );

        Assert.Equal(
            ["ALTER TABLE", "ALTER TABLE", "CREATE INDEX", "ALTER TABLE", "CREATE TABLE"],
            observed.Commands.Select(command => command.Tag)
        );
        Assert.All(observed.Commands, command => Assert.False(command.HasFailed, command.Line));
        Assert.Equal(["shop_order"], observed.Commands[2].Tables);
        // The transaction holds it since it began to alter the table.
        Assert.Equal("AccessExclusiveLock", observed.Commands[2].Objects[0].Lock);
        Assert.Equal([new TableRewrite("shop_order", 4, observed.Commands[1].Transaction)], observed.Rewrites);
        Assert.Equal([new DroppedColumn("shop_order", "remark", 500)], observed.DroppedColumns);
        Assert.True(observed.Usage.WalBytes > 0 && observed.Usage.DatabaseBytesBefore > 1_000_000);
        AssertFinds(observed, "table-rewrite", "index-build", "column-dropped", "type-narrowed", "no-lock-timeout");
    }

    [Fact]
    public async Task What_failed_and_was_swallowed_is_seen()
    {
        var observed = await ObserveAsync(
            "swallowed",
            "SAVEPOINT s",
            "ALTER TABLE shop_order ALTER COLUMN remark SET NOT NULL",
            "ROLLBACK TO SAVEPOINT s",
            "CREATE UNIQUE INDEX one_remark ON shop_order (remark)",
            "ROLLBACK TO SAVEPOINT s",
            "ALTER TABLE shop_order ADD COLUMN fine int"
        );

        Assert.Equal([true, true, false], observed.Commands.Select(command => command.HasFailed));
        Assert.Contains(observed.Errors, error => error.State == "23502");
        Assert.Contains(observed.Errors, error => error.State == "23505");
        AssertFinds(observed, "statement-failed-silently", "required-column-on-filled-table");
    }

    [Fact]
    public async Task What_fires_no_event_is_seen_nevertheless()
    {
        var observed = await ObserveAsync(
            "silent",
            "LOCK TABLE shop_order",
            "TRUNCATE shop_line",
            "SELECT pg_sleep(0.3)"
        );

        Assert.Empty(observed.Commands);
        var held = Assert.Single(observed.Locks, held => held is { Table: "shop_order", Mode: "AccessExclusiveLock" });
        Assert.InRange(held.LongestMs, 200, 3000);
        AssertFinds(observed, "table-emptied", "lock-without-statement");
    }

    [Fact]
    public async Task A_table_that_waits_for_Python_is_seen()
    {
        await CreateAsync("idle");
        await using var probe = await BeginAsync("idle");
        await using (var session = await cluster.OpenAsync("idle", Migrator))
        {
            await using var transaction = await session.BeginTransactionAsync(Token);
            await ExecuteAsync(session, "ALTER TABLE shop_order ADD COLUMN slow int");
            await LookedForAsync(TimeSpan.FromMilliseconds(1200), session.ProcessID);
            await transaction.CommitAsync(Token);
        }

        var observed = await probe.EndAsync(null, [], Token);

        var held = Assert.Single(observed.Locks, held => held is { Table: "shop_order", Mode: "AccessExclusiveLock" });
        Assert.InRange(held.LongestIdleMs, 1000, held.LongestMs);
        AssertFinds(observed, "idle-under-exclusive-lock");
    }

    [Fact]
    public async Task Rows_that_were_changed_are_counted()
    {
        var observed = await ObserveAsync(
            "rows",
            "UPDATE shop_line SET qty = qty + 1",
            "DELETE FROM shop_line WHERE id <= 100",
            "INSERT INTO shop_line (order_id, qty) VALUES (1, 1)"
        );

        var rows = observed.RowsOf("shop_line")!;
        Assert.Equal((2000, 1901, 1, 2000, 100), (rows.Before, rows.After, rows.Inserted, rows.Updated, rows.Deleted));
        AssertFinds(observed, "mass-change");
    }

    [Fact]
    public async Task Collateral_and_renames_are_seen()
    {
        var observed = await ObserveAsync(
            "collateral",
            "ALTER TABLE shop_order RENAME COLUMN state TO status",
            "DROP TABLE shop_note CASCADE",
            "ALTER TABLE shop_line ALTER COLUMN order_id SET NOT NULL"
        );

        Assert.Contains(observed.Dropped, item => item is { Type: "view", IsOriginal: false });
        AssertFinds(observed, "renamed", "table-dropped", "dropped-with-something-else", "not-null-set");
    }

    [Fact]
    public async Task Nothing_of_the_probe_stays()
    {
        await ObserveAsync("clean", "ALTER TABLE shop_order ADD COLUMN x int");

        Assert.Equal("0", await cluster.ScalarAsync("clean", "select count(*)::text from pg_event_trigger"));
        Assert.Null(
            await cluster.ScalarAsync("clean", "select nspname::text from pg_namespace where nspname like 'tidegate%'")
        );
        Assert.Null(
            await cluster.ScalarAsync(
                "clean",
                $"select setrole::text from pg_db_role_setting where setrole = '{Migrator}'::regrole and setdatabase = (select oid from pg_database where datname = 'clean')"
            )
        );
    }

    [Fact]
    public async Task A_quiet_migration_is_quiet()
    {
        var observed = await ObserveAsync("quiet", "SELECT 1");

        Assert.Empty(observed.Commands);
        Assert.Empty(
            ObservedLint.Judge(observed, new LintLimits()).Where(finding => finding.Severity > LintSeverity.Info)
        );
    }

    /// <summary>Waits until the probe has looked at a session that does nothing for so long, from one look of its to another.</summary>
    private async Task LookedForAsync(TimeSpan time, int session)
    {
        string? first = null;
        await Eventually.IsTrueAsync(
            async () => (first ??= await LookAsync(session)) is not null,
            () => "the probe does not look"
        );
        var enough = string.Create(
            CultureInfo.InvariantCulture,
            $"'{first}'::timestamptz + interval '{time.TotalSeconds} seconds'"
        );
        await Eventually.IsTrueAsync(
            async () =>
                await cluster.ScalarAsync(
                    "idle",
                    $"select ('{await LookAsync(session)}'::timestamptz >= {enough})::text"
                )
                    is "true",
            () => "the probe looks no more"
        );
    }

    /// <summary>When the probe last looked, if the session did nothing by then; null if it did.</summary>
    private Task<string?> LookAsync(int session) =>
        cluster.ScalarAsync(
            "idle",
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                select max(p.query_start)::text from pg_stat_activity p, pg_stat_activity m
                 where p.datname = 'idle' and p.query like '%pg_locks%' and p.pid <> pg_backend_pid()
                   and m.pid = {session} and m.state = 'idle in transaction' and p.query_start > m.state_change
                """
            )
        );

    private async Task<ObservedMigration> ObserveAsync(string database, params string[] statements)
    {
        await CreateAsync(database);
        await cluster.ExecuteAsync("postgres", $"CREATE DATABASE {database}_was TEMPLATE {database}");
        await using var probe = await BeginAsync(database);
        await using (var session = await cluster.OpenAsync(database, Migrator))
        {
            await using var transaction = await session.BeginTransactionAsync(Token);
            foreach (var statement in statements)
            {
                try
                {
                    await ExecuteAsync(session, statement);
                }
                catch (PostgresException)
                {
                    // As Odoo does: it goes on.
                }
            }

            await transaction.CommitAsync(Token);
        }

        return await probe.EndAsync($"{database}_was", [], Token);
    }

    private Task<MigrationProbe> BeginAsync(string database) =>
        MigrationProbe.BeginAsync(cluster.Site, database, Migrator, TimeProvider.System, Token);

    private async Task CreateAsync(string database)
    {
        await cluster.ExecuteAsync(
            "postgres",
            $"DO $$ BEGIN CREATE ROLE {Migrator} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            $"CREATE DATABASE {database} OWNER {Migrator}"
        );
        await cluster.ExecuteAsync(
            database,
            $"ALTER SCHEMA public OWNER TO {Migrator}",
            $"SET ROLE {Migrator}",
            "CREATE TABLE shop_order (id serial PRIMARY KEY, state varchar, total numeric(12, 4), remark varchar)",
            "CREATE TABLE shop_line (id serial PRIMARY KEY, order_id int REFERENCES shop_order, qty int)",
            "CREATE TABLE shop_note (id serial PRIMARY KEY, body text)",
            "CREATE VIEW shop_notes AS SELECT * FROM shop_note",
            "INSERT INTO shop_order (state, total, remark) SELECT 'sale', n, CASE WHEN n <= 500 THEN 'same' END FROM generate_series(1, 1000) n",
            "INSERT INTO shop_line (order_id, qty) SELECT 1 + n % 1000, n FROM generate_series(1, 2000) n",
            "ANALYZE"
        );
    }

    private static async Task ExecuteAsync(NpgsqlConnection session, string statement)
    {
        await using var command = new NpgsqlCommand(statement, session);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static void AssertFinds(ObservedMigration observed, params string[] codes)
    {
        var found = ObservedLint.Judge(observed, new LintLimits());
        Assert.All(
            codes,
            code =>
                Assert.True(
                    found.Any(finding => finding.Code == code),
                    $"{code} is not among {string.Join(", ", found.Select(finding => finding.Code))}"
                )
        );
    }

    public sealed class LoggingCluster : IAsyncLifetime
    {
        private readonly PostgresCluster _cluster = new() { Settings = "logging_collector=on\nautovacuum=off" };

        public SitePostgres Site => _cluster.Site;

        public ValueTask InitializeAsync() => _cluster.InitializeAsync();

        public ValueTask DisposeAsync() => _cluster.DisposeAsync();

        public Task ExecuteAsync(string database, params string[] statements) =>
            _cluster.ExecuteAsync(database, statements);

        public Task<string?> ScalarAsync(string database, string query) => _cluster.ScalarAsync(database, query);

        public Task<NpgsqlConnection> OpenAsync(string database, string role) => _cluster.OpenAsync(database, role);
    }
}
