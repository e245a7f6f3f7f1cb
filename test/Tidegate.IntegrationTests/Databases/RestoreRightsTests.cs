using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Databases;

/// <summary>Rights that were changed by hand on real PostgreSQL: each is found with its code, and healed.</summary>
public sealed class RestoreRightsTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    /// <summary>What hands do, as PostgreSQL's superuser; %d is the database, %g its generation's role, %o its owner role.</summary>
    private static readonly ImmutableDictionary<string, (string Statement, string Code)> Hands = ImmutableDictionary<
        string,
        (string, string)
    >
        .Empty.Add("grant to PUBLIC", ("grant connect on database %d to public", "right-extra"))
        .Add("grant to a role", ("grant connect on database %d to intern", "right-extra"))
        .Add("grant to the owner role", ("grant connect on database %d to %o", "right-extra"))
        .Add("grant to a migrator", ("grant connect on database %d to %m", "right-extra"))
        .Add("revoke connect", ("revoke connect on database %d from %g", "right-missing"))
        .Add("revoke temporary", ("revoke temporary on database %d from %g", "right-missing"))
        .Add("owner is a superuser", ("alter database %d owner to postgres", "database-owner"))
        .Add("owner is a stranger", ("alter database %d owner to intern", "database-owner"))
        .Add("a new member", ("grant %o to intern", "member-extra"))
        .Add("no member", ("revoke %o from %g", "member-missing"))
        .Add("another setting", ("alter role %g in database %d set role to intern", "role-setting"))
        .Add("one more setting", ("alter role %g in database %d set work_mem to '1GB'", "role-setting"))
        .Add("no setting", ("alter role %g in database %d reset role", "role-setting"))
        .Add("a migrator's setting", ("alter role %m in database %d set role to %o", "role-setting"))
        .Add("closed", ("alter database %d allow_connections false", "database-closed"))
        .Add("a template", ("alter database %d is_template true", "database-template"));

    public static TheoryData<string> Names => [.. Hands.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_as_it_was_made_and_one_that_has_moved_differ_in_nothing()
    {
        var shop = await NewShopAsync();
        Assert.Empty(await DifferencesAsync(shop));

        var moved = await cluster.NewShopAsync();
        await moved.ForwardAsync();
        await new TenantAccess(cluster.Site).GiveToGenerationAsync(moved.Context(), Token);
        var target = moved.Target;
        Assert.Empty(RightsComparison.Of(ExpectedTenant.Of(target), await LiveAsync(moved)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_hands_change_is_named_and_healed_and_then_nothing_differs(string hand)
    {
        var shop = await NewShopAsync();
        var (statement, code) = Hands[hand];
        await cluster.Postgres.ExecuteAsync("postgres", Filled(statement, shop));

        var found = await DifferencesAsync(shop);
        var outcome = await HealAsync(shop, cluster.Site, epoch: 1);

        Assert.Contains(code, found.Select(difference => difference.Code.Name));
        Assert.IsType<StepOutcome.Done>(outcome);
        Assert.Empty(await DifferencesAsync(shop));
        await shop.AsAsync(shop.OldRole, shop.Database, "insert into sale_order (note) values ('served')");
        Assert.NotNull(await shop.RefusalAsync("intern", shop.Database));
    }

    [Fact]
    public async Task Only_the_change_is_named_where_it_is_one()
    {
        foreach (var (statement, code) in Hands.Values.Where(hand => hand.Code is not "database-owner"))
        {
            var shop = await NewShopAsync();
            await cluster.Postgres.ExecuteAsync("postgres", Filled(statement, shop));

            Assert.Equal([code], (await DifferencesAsync(shop)).Select(difference => difference.Code.Name));
        }
    }

    [Fact]
    public async Task Everything_at_once_is_healed_in_one_step()
    {
        var shop = await MessedAsync();

        Assert.IsType<StepOutcome.Done>(await HealAsync(shop, cluster.Site, epoch: 1));

        Assert.Empty(await DifferencesAsync(shop));
    }

    [Fact]
    public async Task Healing_twice_is_healing_once()
    {
        var shop = await MessedAsync();
        await HealAsync(shop, cluster.Site, epoch: 1);
        var once = await shop.StateAsync();

        Assert.IsType<StepOutcome.Done>(await HealAsync(shop, cluster.Site, epoch: 2));

        Assert.Equal(once, await shop.StateAsync());
    }

    [Fact]
    public async Task Who_was_let_in_by_hand_is_no_longer_connected_and_the_generation_is()
    {
        var shop = await NewShopAsync();
        await cluster.Postgres.ExecuteAsync("postgres", Filled("grant connect on database %d to intern", shop));
        await using var intern = await cluster.Postgres.OpenAsync(shop.Database, "intern");
        await using var generation = await cluster.Postgres.OpenAsync(shop.Database, shop.OldRole);

        await HealAsync(shop, cluster.Site, epoch: 1);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync(intern));
        await AskAsync(generation);
    }

    [Fact]
    public async Task A_stale_control_plane_heals_nothing()
    {
        var shop = await MessedAsync();
        await using (await FencedSession.OpenAsync(cluster.Site, shop.Target.Tenant, 7, Token))
        {
            // the site has seen 7
        }

        var before = await shop.StateAsync();

        Assert.IsType<StepOutcome.Unknown>(await HealAsync(shop, cluster.Site, epoch: 6));
        Assert.Equal(before, await shop.StateAsync());
    }

    [Fact]
    public async Task A_database_that_is_gone_is_not_made()
    {
        var shop = await NewShopAsync();
        await cluster.Postgres.ExecuteAsync("postgres", $"drop database {shop.Database}");

        Assert.Equal("database-missing", Assert.Single(await DifferencesAsync(shop)).Code.Name);
        Assert.IsType<StepOutcome.Failed>(await HealAsync(shop, cluster.Site, epoch: 1));
    }

    [Theory]
    [Trait("Length", "long")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_healing_happened_or_did_not_and_the_next_run_ends_it(bool deliver)
    {
        for (var cutAt = 1; ; cutAt++)
        {
            var shop = await MessedAsync();
            var before = await RightsAsync(shop);
            await using var proxy = new CuttingProxy(cluster.Site, cutAt, deliver);
            try
            {
                await HealAsync(shop, proxy.Site, epoch: 1);
            }
            catch (NpgsqlException)
            {
                // cut
            }

            // The server may still be at what it was sent last.
            await using (await FencedSession.OpenAsync(cluster.Site, shop.Target.Tenant, 2, Token))
            {
                // The owner is taken back first, which moves rights along; all else is one transaction.
                var (after, left) = (await RightsAsync(shop), await DifferencesAsync(shop));
                Assert.True(
                    after == before
                        || left.IsEmpty
                        || left.All(difference => difference.Code != DriftCode.DatabaseOwner),
                    after
                );
            }

            Assert.IsType<StepOutcome.Done>(await HealAsync(shop, cluster.Site, epoch: 3));
            Assert.Empty(await DifferencesAsync(shop));
            if (!proxy.HasCut)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task Three_queries_read_all_databases_roles_with_powers_and_members_of_the_site()
    {
        var (first, second) = (await NewShopAsync(), await NewShopAsync());
        await cluster.Postgres.ExecuteAsync(
            "postgres",
            $"alter role \"{first.NewRole}\" createdb",
            $"grant pg_read_all_data to \"{second.NewRole}\"",
            "grant tidegate_site to intern"
        );
        await using var session = await cluster.Site.OpenAsync("postgres", DatabaseNames.SiteRole, Token);

        var rights = await LiveRights.ReadAsync(session, [first.Database, second.Database, "none"], Token);

        Assert.Equal([first.Database, second.Database], rights.Databases.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("CREATEDB", rights.Powers[first.NewRole]);
        Assert.Equal("member of pg_read_all_data", rights.Powers[second.NewRole]);
        Assert.Equal(["intern"], rights.SiteMembers);
        await cluster.Postgres.ExecuteAsync("postgres", "revoke tidegate_site from intern");
    }

    private static string Filled(string statement, Shop shop) =>
        statement
            .Replace("%d", $"\"{shop.Database}\"", StringComparison.Ordinal)
            .Replace("%g", $"\"{shop.OldRole}\"", StringComparison.Ordinal)
            .Replace("%m", $"\"{shop.MigratorRole}\"", StringComparison.Ordinal)
            .Replace("%o", $"\"{shop.OwnerRole}\"", StringComparison.Ordinal);

    private static StepContext Healing(Shop shop, long epoch)
    {
        var context = shop.Context(epoch);
        return context with { Target = context.Target with { To = context.Target.From } };
    }

    private static Task<StepOutcome> HealAsync(Shop shop, SitePostgres site, long epoch) =>
        new RestoreRightsHandler(site).RunAsync(new(), Healing(shop, epoch), Token);

    private static async Task AskAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select 1", connection);
        await command.ExecuteScalarAsync(Token);
    }

    private async Task<Shop> NewShopAsync()
    {
        await cluster.Postgres.ExecuteAsync(
            "postgres",
            "do $$ begin create role intern login; exception when duplicate_object then null; end $$"
        );
        return await cluster.NewShopAsync();
    }

    private async Task<Shop> MessedAsync()
    {
        var shop = await NewShopAsync();
        foreach (var hand in Hands.Where(hand => hand.Key is not "owner is a superuser"))
        {
            await cluster.Postgres.ExecuteAsync("postgres", Filled(hand.Value.Statement, shop));
        }

        return shop;
    }

    private async Task<LiveDatabase?> LiveAsync(Shop shop)
    {
        await using var session = await cluster.Site.OpenAsync("postgres", DatabaseNames.SiteRole, Token);
        return await LiveRights.FindAsync(session, shop.Database, Token);
    }

    private async Task<ImmutableArray<Difference>> DifferencesAsync(Shop shop) =>
        [.. RightsComparison.Of(ExpectedTenant.Of(Healing(shop, 1).Target), await LiveAsync(shop))];

    private async Task<string> RightsAsync(Shop shop) =>
        string.Join('\n', (await DifferencesAsync(shop)).Select(DriftBlockers.Text));
}
