using Npgsql;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Databases;

/// <summary>What a server may in the control database, and what not even by a statement that somebody slips in.</summary>
public sealed class ServerRoleTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>, IAsyncLifetime
{
    private const string InsufficientPrivilege = "42501";

    [Theory]
    [InlineData("update ledger set actor = 'somebody-else'")]
    [InlineData("delete from ledger")]
    [InlineData("truncate ledger")]
    [InlineData("update ledger_seal set hash = '\\x00'")]
    [InlineData("delete from ledger_seal")]
    [InlineData("truncate ledger_seal")]
    [InlineData("update ledger_checkpoint set root = ''")]
    [InlineData("delete from ledger_checkpoint")]
    [InlineData("truncate ledger_checkpoint")]
    [InlineData("update ledger_drop set before = 1")]
    [InlineData("delete from ledger_drop")]
    [InlineData("truncate ledger_drop")]
    [InlineData("alter table ledger disable trigger all")]
    [InlineData("drop trigger ledger_is_append_only on ledger")]
    [InlineData(
        "create or replace function ledger_is_append_only() returns trigger language plpgsql as 'begin return null; end'"
    )]
    [InlineData(
        "create trigger quiet before insert on ledger for each row execute function suppress_redundant_updates_trigger()"
    )]
    [InlineData("create rule quiet as on insert to ledger do instead nothing")]
    [InlineData("alter table ledger rename to ledger_old")]
    [InlineData(
        "create or replace function ledger_keeps_its_entries() returns trigger language plpgsql as 'begin return old; end'"
    )]
    [InlineData("drop table ledger_seal")]
    [InlineData("alter table ledger owner to tidegate_server")]
    [InlineData("set session_replication_role = replica")]
    [InlineData("set role tidegate_control")]
    [InlineData("set role postgres")]
    [InlineData("create table ledger_new (id bigint)")]
    [InlineData("create schema mine")]
    [InlineData("delete from schemaversions")]
    [InlineData("copy ledger to program 'true'")]
    public async Task Its_role_is_refused_what_would_change_the_ledger(string attempt)
    {
        await using var connection = await cluster.OpenAsync(DatabaseNames.ControlDatabase, DatabaseNames.ServerRole);
        await using var command = new NpgsqlCommand(attempt, connection);

        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)
        );

        Assert.Equal(InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Its_role_may_do_everything_else_and_owns_nothing()
    {
        Assert.Equal(
            "ledger, ledger_checkpoint, ledger_drop, ledger_seal, schemaversions",
            await cluster.ScalarAsync(
                DatabaseNames.ControlDatabase,
                """
                select string_agg(relname, ', ' order by relname) from pg_class
                 where relkind = 'r' and relnamespace = 'public'::regnamespace
                   and not (has_table_privilege('tidegate_server', oid, 'select')
                        and has_table_privilege('tidegate_server', oid, 'insert')
                        and has_table_privilege('tidegate_server', oid, 'update')
                        and has_table_privilege('tidegate_server', oid, 'delete'))
                """
            )
        );
        Assert.Equal(
            "3",
            await cluster.ScalarAsync(
                DatabaseNames.ControlDatabase,
                """
                select count(*) from pg_class where relname in ('ledger', 'ledger_seal', 'ledger_checkpoint')
                   and has_table_privilege('tidegate_server', oid, 'select')
                   and has_table_privilege('tidegate_server', oid, 'insert')
                """
            )
        );
        Assert.Equal(
            "0",
            await cluster.ScalarAsync(
                DatabaseNames.ControlDatabase,
                "select count(*) from pg_class where relowner = 'tidegate_server'::regrole"
            )
        );
        Assert.Equal(
            "0",
            await cluster.ScalarAsync(
                "postgres",
                "select count(*) from pg_auth_members where member = 'tidegate_server'::regrole"
            )
        );
    }

    [Fact]
    public async Task What_a_later_version_adds_it_may_too_after_the_next_start()
    {
        await cluster.ExecuteAsync(
            DatabaseNames.ControlDatabase,
            "set role tidegate_control",
            "create table if not exists added (id bigint)"
        );
        Upgrade();

        Assert.Equal(
            "0",
            await cluster.ScalarAsync(
                DatabaseNames.ControlDatabase,
                "select count(*) from added",
                DatabaseNames.ServerRole
            )
        );
    }

    public async ValueTask InitializeAsync()
    {
        await SiteDatabase.PrepareAsync(cluster.Site, TestContext.Current.CancellationToken);
        await SiteDatabase.PrepareControlAsync(cluster.Site, TestContext.Current.CancellationToken);
        Upgrade();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Upgrade() =>
        ControlDatabase.Upgrade(
            cluster.Site.ConnectionString(DatabaseNames.ControlDatabase, DatabaseNames.ControlRole),
            DatabaseNames.ServerRole
        );
}
