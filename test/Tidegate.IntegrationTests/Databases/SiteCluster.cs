using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Databases;

/// <summary>A cluster prepared as a site, and shops on it.</summary>
public sealed class SiteCluster : IAsyncLifetime
{
    private int _shops;

    private readonly Lazy<PostgresCluster> _postgres;

    public SiteCluster() => _postgres = new(() => new PostgresCluster { Settings = Settings });

    /// <summary>Extra lines of postgresql.conf.</summary>
    public string Settings { get; init; } = "";

    public PostgresCluster Postgres => _postgres.Value;

    public SitePostgres Site => Postgres.Site;

    public async ValueTask InitializeAsync()
    {
        await Postgres.InitializeAsync();
        await SiteDatabase.PrepareAsync(Site, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Postgres.DisposeAsync();

    /// <summary>A tenant with one order in its database, served by its old release.</summary>
    public Task<Shop> NewShopAsync(long rows = 1) => Shop.CreateAsync(this, Interlocked.Increment(ref _shops), rows);
}

/// <summary>One tenant in a <see cref="SiteCluster"/> and its upgrade.</summary>
public sealed class Shop
{
    private static readonly ReleaseRef OldRelease = new("1", ReleaseDigest.Create("sha256:" + new string('a', 64)));
    private static readonly ReleaseRef NewRelease = new("2", ReleaseDigest.Create("sha256:" + new string('b', 64)));

    private Shop(SiteCluster cluster, UpgradeTarget target, UpgradeId upgrade)
    {
        Cluster = cluster;
        Target = target;
        Upgrade = upgrade;
    }

    public SiteCluster Cluster { get; }

    public UpgradeTarget Target { get; }

    public UpgradeId Upgrade { get; }

    public string Database => Target.Database;

    public string Copy => DatabaseNames.Next(Database);

    public string Checkpoint => DatabaseNames.Old(Database, Upgrade);

    public string OwnerRole => DatabaseNames.Owner(Database);

    public string OldRole => DatabaseNames.Generation(Target.Pool, OldRelease.Digest);

    public string NewRole => DatabaseNames.Generation(Target.Pool, NewRelease.Digest);

    public string MigratorRole => DatabaseNames.Migrator(Target.Pool);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Shop> CreateAsync(SiteCluster cluster, int number, long rows)
    {
        var target = new UpgradeTarget(
            new($"shop-{number}"),
            new($"pool-{number}"),
            Workers: 1,
            $"shop_{number}",
            ["shop.example"],
            new("journey", "secret", []),
            OldRelease,
            NewRelease,
            ["sale"],
            []
        );
        var shop = new Shop(
            cluster,
            target,
            UpgradeId.Create($"u-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):n}")
        );
        var roles = new PoolRoles(cluster.Site);
        await roles.EnsureGenerationAsync(target.Pool, OldRelease.Digest, Token);
        await roles.EnsureGenerationAsync(target.Pool, NewRelease.Digest, Token);
        await roles.EnsureMigratorAsync(target.Pool, Token);
        var provisioning = new TenantProvisioning(cluster.Site);
        await provisioning.CreateEmptyAsync(shop.Database, Token);
        await provisioning.GiveAsync(shop.Database, shop.OldRole, Token);
        await shop.AsAsync(
            shop.OldRole,
            shop.Database,
            "create table sale_order (id serial primary key, note text)",
            $"insert into sale_order (note) select repeat('x', 900) from generate_series(1, {rows})"
        );
        return shop;
    }

    public StepContext Context(long epoch = 1, UpgradeId? upgrade = null) =>
        new(new(upgrade ?? Upgrade, "test"), new("r-1"), Target, epoch, Now, Now);

    public Task<StepOutcome> FenceAsync(long epoch = 1) =>
        new FenceHandler(Cluster.Site, TimeProvider.System).RunAsync(new Fence(), Context(epoch), Token);

    public Task<StepOutcome> CopyAsync(long epoch = 1, UpgradeId? upgrade = null) =>
        new CopyHandler(Cluster.Site, TimeProvider.System).RunAsync(new Copy(), Context(epoch, upgrade), Token);

    public Task<StepOutcome> SwapAsync(long epoch = 1) =>
        new SwapHandler(Cluster.Site, TimeProvider.System).RunAsync(new Swap(), Context(epoch), Token);

    public Task<StepOutcome> SwapBackAsync(long epoch = 1) =>
        new SwapBackHandler(Cluster.Site, TimeProvider.System).RunAsync(new SwapBack(), Context(epoch), Token);

    public Task<StepOutcome> DropCopyAsync(long epoch = 1) =>
        new DropCopyHandler(Cluster.Site, TimeProvider.System).RunAsync(new DropCopy(), Context(epoch), Token);

    public Task<StepOutcome> UnfenceAsync(long epoch = 1) =>
        new UnfenceHandler(Cluster.Site).RunAsync(new Unfence(), Context(epoch), Token);

    /// <summary>What a migrator would do: the mark, then a change in the copy.</summary>
    public async Task MigrateAsync(long epoch = 1)
    {
        Assert.True(await new TenantCopy(Cluster.Site).MarkMigrationBegunAsync(Context(epoch), Token));
        await AsAsync(MigratorRole, Copy, "alter table sale_order add promo text");
    }

    public async Task ForwardAsync(long epoch = 1)
    {
        await DoneAsync(() => FenceAsync(epoch));
        await DoneAsync(() => CopyAsync(epoch));
        await MigrateAsync(epoch);
        await DoneAsync(() => SwapAsync(epoch));
    }

    public async Task BackAsync(long epoch = 1)
    {
        await DoneAsync(() => SwapBackAsync(epoch));
        await DoneAsync(() => DropCopyAsync(epoch));
        await DoneAsync(() => UnfenceAsync(epoch));
    }

    public static async Task DoneAsync(Func<Task<StepOutcome>> step) => Assert.IsType<StepOutcome.Done>(await step());

    /// <summary>Runs statements as a role of the pool.</summary>
    public async Task AsAsync(string role, string database, params string[] statements)
    {
        await using var connection = await Cluster.Postgres.OpenAsync(database, role);
        foreach (var statement in statements)
        {
            await using var command = new Npgsql.NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(Token);
        }
    }

    /// <summary>The SQLSTATE of the refusal when a role tries to connect; null when it gets in.</summary>
    public async Task<string?> RefusalAsync(string role, string database)
    {
        try
        {
            await using var connection = await Cluster.Postgres.OpenAsync(database, role);
            return null;
        }
        catch (Npgsql.PostgresException refused)
        {
            return refused.SqlState;
        }
    }

    /// <summary>Everything of this shop that PostgreSQL's shared catalogues and the site's tables hold, as text: for "nothing changed".</summary>
    public Task<string?> StateAsync() =>
        Cluster.Postgres.ScalarAsync(
            "postgres",
            $"""
            select string_agg(line, e'\n' order by line) from (
                select format('%s %s %s %s %s %s', oid, datname, datallowconn, datistemplate, datconnlimit,
                              (select string_agg(a::text, ',' order by a::text) from unnest(datacl) a)) as line
                  from pg_database where datname like '{Database}%'
                union all select format('member %s', m.rolname) from pg_auth_members g
                  join pg_roles o on o.oid = g.roleid and o.rolname = '{OwnerRole}' join pg_roles m on m.oid = g.member
                union all select format('setting %s %s %s', d.datname, s.setrole::regrole, s.setconfig)
                  from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase where d.datname like '{Database}%'
                union all select f::text from tidegate.fence f where database = '{Database}'
                union all select c::text from tidegate.copy c where database = '{Database}'
                union all select w::text from tidegate.swap w where database = '{Database}') lines
            """
        );
}
