using Npgsql;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;

namespace Tidegate.IntegrationTests.Databases;

/// <summary>Old code that still runs somewhere during and after a cutover.</summary>
public sealed class StraySessionTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_in_a_transaction_is_ended_and_what_it_wrote_is_in_neither_database()
    {
        var shop = await cluster.NewShopAsync();
        await using var stray = await cluster.Postgres.OpenAsync(shop.Database, shop.OldRole);
        await ExecuteAsync(stray, "begin");
        await ExecuteAsync(stray, "insert into sale_order (note) values ('stray')");

        await shop.ForwardAsync();

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(stray, "commit"));
        Assert.Equal("0", await StrayRowsAsync(shop));
        await shop.BackAsync();
        Assert.Equal("0", await StrayRowsAsync(shop));
    }

    [Fact]
    public async Task A_log_in_that_began_before_the_fence_cannot_write_once_the_fence_is_done()
    {
        var shop = await cluster.NewShopAsync();
        var stray = LogInSlowlyAndWriteAsync(shop);
        await SlowLogInBeganAsync(shop);

        var started = TimeProvider.System.GetTimestamp();
        await Shop.DoneAsync(() => shop.FenceAsync());

        // The fence had something to wait for, else this test would prove nothing.
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(1));
        await Shop.DoneAsync(() => shop.CopyAsync());
        await shop.MigrateAsync();
        await Shop.DoneAsync(() => shop.SwapAsync());
        var wrote = await stray;
        Assert.Equal(wrote ? "1" : "0", await StrayRowsAsync(shop));
        await shop.BackAsync();
        Assert.Equal(wrote ? "1" : "0", await StrayRowsAsync(shop));
    }

    [Fact]
    public async Task Old_code_that_tries_all_the_time_never_gets_in_after_the_fence()
    {
        var shop = await cluster.NewShopAsync();
        await Shop.DoneAsync(() => shop.FenceAsync());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var stray = KnockAsync(shop, end.Token);

        await Shop.DoneAsync(() => shop.CopyAsync());
        await shop.MigrateAsync();
        await Shop.DoneAsync(() => shop.SwapAsync());
        Assert.Equal("42501", await shop.RefusalAsync(shop.OldRole, shop.Database));
        await end.CancelAsync();

        Assert.Equal(0, await stray);
    }

    [Fact]
    public async Task Undeclared_roles_and_members_lose_the_database_and_get_it_back_with_the_way_back()
    {
        var shop = await cluster.NewShopAsync();
        var (reader, member) = ($"reader \"of\" {shop.Database}", $"member_{shop.Database}");
        await cluster.Postgres.ExecuteAsync(
            "postgres",
            $"create role \"{reader.Replace("\"", "\"\"", StringComparison.Ordinal)}\" login",
            $"create role {member} login",
            $"grant connect on database {shop.Database} to \"{reader.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
            $"grant {shop.OwnerRole} to {member}",
            $"grant connect on database {shop.Database} to public"
        );

        await shop.ForwardAsync();

        Assert.Equal("42501", await shop.RefusalAsync(reader, shop.Database));
        Assert.Equal("42501", await shop.RefusalAsync(member, shop.Database));
        await shop.BackAsync();
        Assert.Null(await shop.RefusalAsync(reader, shop.Database));
        await shop.AsAsync(reader, shop.Database, "select 1");
        Assert.Equal("42501", await shop.RefusalAsync(member, shop.Database));
        Assert.Equal(
            "1",
            await cluster.Postgres.ScalarAsync(
                "postgres",
                $"select count(*) from pg_auth_members where member = '{member}'::regrole"
            )
        );
    }

    [Fact]
    public async Task A_member_of_the_site_role_makes_the_fence_refuse()
    {
        var shop = await cluster.NewShopAsync();
        await cluster.Postgres.ExecuteAsync(
            "postgres",
            $"create role passe_{shop.Database} login",
            $"grant tidegate_site to passe_{shop.Database}"
        );
        var before = await shop.StateAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => shop.FenceAsync());

        Assert.Contains($"passe_{shop.Database}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await shop.StateAsync());
        await cluster.Postgres.ExecuteAsync("postgres", $"drop role passe_{shop.Database}");
    }

    [Fact]
    [Trait("Length", "long")]
    public async Task A_superusers_session_puts_the_tenant_off_and_the_way_back_gives_it_back()
    {
        var shop = await cluster.NewShopAsync();
        var before = await shop.StateAsync();
        await using var administrator = await cluster.Postgres.OpenAsync(shop.Database);

        var outcome = Assert.IsType<StepOutcome.PutOff>(await shop.FenceAsync());

        Assert.Contains("postgres", outcome.Reason, StringComparison.Ordinal);
        await shop.BackAsync();
        Assert.Equal(before, await shop.StateAsync());
    }

    private async Task<bool> LogInSlowlyAndWriteAsync(Shop shop)
    {
        try
        {
            await using var connection = await cluster.Postgres.OpenAsync(
                shop.Database,
                shop.OldRole,
                "-c post_auth_delay=3"
            );
            await ExecuteAsync(connection, "insert into sale_order (note) values ('stray')");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // It shows in no view; its process does, by the title that PostgreSQL gives it.
    private async Task SlowLogInBeganAsync(Shop shop)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(TimeSpan.FromSeconds(10));
        while (!cluster.Postgres.HasBackendTitled($"{shop.OldRole} {shop.Database} [local] startup"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, bound.Token);
        }
    }

    private static async Task<int> KnockAsync(Shop shop, CancellationToken cancellationToken)
    {
        var entered = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            entered += await shop.RefusalAsync(shop.OldRole, shop.Database) is null ? 1 : 0;
        }

        return entered;
    }

    private Task<string?> StrayRowsAsync(Shop shop) =>
        cluster.Postgres.ScalarAsync(
            shop.Database,
            "select count(*) from sale_order where note = 'stray'",
            DatabaseNames.SiteRole
        );

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
