using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Databases;

public sealed class ProvisioningTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private const string Owners = """
        select string_agg(distinct owner, ',') from (
            select relowner::regrole::text as owner from pg_class where relnamespace = 'public'::regnamespace
            union select nspowner::regrole::text from pg_namespace where nspname = 'public'
            union select proowner::regrole::text from pg_proc p where pronamespace = 'public'::regnamespace
              and not exists (select from pg_depend where objid = p.oid and deptype = 'e')) owners
        """;

    private static readonly string[] Contents =
    [
        "create extension unaccent",
        "create table sale_order (id serial primary key, day date)",
        "create view sale_report as select id from sale_order",
        "create materialized view sale_cube as select id from sale_order",
        "create sequence order_number",
        "create type mood as enum ('good')",
        "create function plain(text) returns text language sql immutable as 'select unaccent($1)'",
        "insert into sale_order (day) values ('2026-11-01')",
    ];

    private TenantProvisioning Provisioning => new(cluster.Site);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_from_a_template_owns_all_that_is_in_it_and_nobody_else_connects()
    {
        await Provisioning.CreateEmptyAsync("tpl", Token);
        await AsOwnerAsync("tpl");

        await Provisioning.CreateFromTemplateAsync("fromtpl", "tpl", Token);
        await Provisioning.CreateFromTemplateAsync("fromtpl", "tpl", Token);

        await ServesAsync("fromtpl");
        Assert.Equal("own_tpl", await cluster.Postgres.ScalarAsync("tpl", Owners));
    }

    [Fact]
    public async Task A_tenant_from_a_dump_owns_all_that_is_in_it()
    {
        await Provisioning.CreateEmptyAsync("dumped", Token);
        await AsOwnerAsync("dumped");
        var folder = Directory.CreateTempSubdirectory("tidegate-dump-");
        try
        {
            var dump = Path.Combine(folder.FullName, "shop.dump");
            await PostgresTools.RunAsync(
                PostgresTools.Binary("pg_dump"),
                "-Fc",
                "-h",
                cluster.Site.SocketDirectory,
                "-U",
                "postgres",
                "-f",
                dump,
                "dumped"
            );

            await Provisioning.RestoreAsync("restored", dump, PostgresTools.Binary("pg_restore"), Token);

            await ServesAsync("restored");
            await File.WriteAllTextAsync(dump, "broken", Token);
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                Provisioning.RestoreAsync("broken", dump, PostgresTools.Binary("pg_restore"), Token)
            );
            Assert.Equal(
                "0",
                await cluster.Postgres.ScalarAsync(
                    "postgres",
                    "select count(*) from pg_database where datname = 'broken'"
                )
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("superusers", "postgres")]
    [InlineData("foreigners", "odoo")]
    public async Task A_database_that_somebody_else_made_is_taken_over_and_his_others_are_left_to_him(
        string database,
        string maker
    )
    {
        await cluster.Postgres.ExecuteAsync(
            "postgres",
            "drop database if exists neighbour_of_" + database,
            $"do $$ begin create role odoo login; exception when duplicate_object then null; end $$",
            $"create database {database} owner {maker}",
            $"create database neighbour_of_{database} owner {maker}"
        );
        await cluster.Postgres.ExecuteAsync(
            database,
            [$"grant all on schema public to {maker}", $"grant create on database {database} to {maker}"]
        );
        await using (var connection = await cluster.Postgres.OpenAsync(database, maker))
        {
            await RunAsync(connection, Contents);
        }

        await Provisioning.RegisterAsync(database, Token);
        await Provisioning.RegisterAsync(database, Token);

        await ServesAsync(database);
        Assert.Equal(
            maker,
            await cluster.Postgres.ScalarAsync(
                "postgres",
                $"select datdba::regrole::text from pg_database where datname = 'neighbour_of_{database}'"
            )
        );
    }

    [Fact]
    public async Task This_PostgreSQL_honours_the_role_setting_that_the_rights_rest_on()
    {
        await Provisioning.CreateEmptyAsync("probed", Token);

        Assert.True(await Provisioning.HonoursRoleSettingAsync("probed", Token));
        Assert.Equal(
            "0",
            await cluster.Postgres.ScalarAsync(
                "postgres",
                "select count(*) from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase where datname = 'probed'"
            )
        );
    }

    [Theory]
    [InlineData("x\"; drop database tidegate; --")]
    [InlineData("a__b")]
    [InlineData("UPPER")]
    public async Task A_name_outside_the_rules_is_refused(string database) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Provisioning.CreateEmptyAsync(database, Token));

    [Fact]
    public async Task A_hostile_name_that_got_past_the_rules_is_a_name_and_no_statement()
    {
        var pool = new PoolName("x\"; drop table tidegate.swap; --'$do$\\");
        var digest = ReleaseDigest.Create("sha256:" + new string('c', 64));
        var roles = new PoolRoles(cluster.Site);

        await roles.EnsureGenerationAsync(pool, digest, Token);
        await roles.EnsureGenerationAsync(pool, digest, Token);
        await using (await cluster.Postgres.OpenAsync("postgres", DatabaseNames.Generation(pool, digest)))
        {
            Assert.Equal("0", await cluster.Postgres.ScalarAsync("postgres", "select count(*) from tidegate.swap"));
        }

        Assert.True(await roles.DropGenerationAsync(pool, digest, Token));
        Assert.True(await roles.DropGenerationAsync(pool, digest, Token));
    }

    [Fact]
    public async Task Roles_of_many_generations_come_and_go_at_once()
    {
        var roles = new PoolRoles(cluster.Site);
        var digests = "0123456789abcdef"
            .Select(digit => ReleaseDigest.Create("sha256:" + new string(digit, 64)))
            .ToList();

        await Task.WhenAll(digests.Select(digest => roles.EnsureGenerationAsync(new("crowd"), digest, Token)));
        var dropped = await Task.WhenAll(
            digests.Select(digest => roles.DropGenerationAsync(new("crowd"), digest, Token))
        );

        Assert.All(dropped, Assert.True);
    }

    [Fact]
    public async Task A_generation_with_a_tenant_keeps_its_role()
    {
        var shop = await cluster.NewShopAsync();
        var roles = new PoolRoles(cluster.Site);

        Assert.False(await roles.DropGenerationAsync(shop.Target.Pool, shop.Target.From.Digest, Token));
        await Provisioning.TakeAsync(shop.Database, shop.OldRole, Token);
        Assert.True(await roles.DropGenerationAsync(shop.Target.Pool, shop.Target.From.Digest, Token));

        Assert.Equal("28000", await shop.RefusalAsync(shop.OldRole, "postgres"));
    }

    private async Task AsOwnerAsync(string database)
    {
        await using var connection = await cluster.Postgres.OpenAsync(database, DatabaseNames.SiteRole);
        await RunAsync(connection, [$"set role own_{database}", .. Contents]);
    }

    private async Task ServesAsync(string database)
    {
        var digest = ReleaseDigest.Create("sha256:" + new string('d', 64));
        var role = DatabaseNames.Generation(new(database), digest);
        await new PoolRoles(cluster.Site).EnsureGenerationAsync(new(database), digest, Token);
        Assert.Equal($"own_{database}", await cluster.Postgres.ScalarAsync(database, Owners));
        await Assert.ThrowsAsync<PostgresException>(() => cluster.Postgres.OpenAsync(database, role));

        await Provisioning.GiveAsync(database, role, Token);

        await using var connection = await cluster.Postgres.OpenAsync(database, role);
        await RunAsync(
            connection,
            [
                "alter table sale_order add note text",
                "select plain('é') from sale_order",
                "select nextval('order_number')",
            ]
        );
        Assert.Equal("1", await cluster.Postgres.ScalarAsync(database, "select count(*) from sale_order", role));
    }

    private static async Task RunAsync(NpgsqlConnection connection, IEnumerable<string> statements)
    {
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(Token);
        }
    }
}
