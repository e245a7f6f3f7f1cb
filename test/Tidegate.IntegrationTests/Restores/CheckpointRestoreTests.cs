using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Databases;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Restores;

/// <summary>An open tenant goes back to its checkpoint: what it costs, what it keeps, and that it may be cut anywhere.</summary>
public sealed class CheckpointRestoreTests(SiteCluster cluster) : IClassFixture<SiteCluster>, IDisposable
{
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-restores-").FullName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Before_anything_is_written_the_window_is_open_although_the_upgrade_changed_every_row()
    {
        var shop = await ReturningShop.OpenAsync(cluster, _layout);

        var price = await shop.PriceAsync();

        Assert.True(SafeWriteWindow.Of(price).IsOpen, string.Join(", ", SafeWriteWindow.Of(price).Reasons));
        Assert.Equal((CountedBy.Transaction, 0L), (price.Written[0].How, price.Rows));
    }

    [Fact]
    public async Task One_row_written_past_Odoo_closes_the_window_and_an_unasked_way_back_is_refused_at_the_fence()
    {
        var shop = await ReturningShop.OpenAsync(cluster, _layout);
        await shop.WriteAsync("update sale_order set note = 'changed' where id = 2");
        var orders = await shop.OrdersAsync();
        var live = await shop.OidAsync(shop.Shop.Database);

        var window = SafeWriteWindow.Of(await shop.PriceAsync());
        Assert.Equal((false, "1 order written"), (window.IsOpen, Assert.Single(window.Reasons)));
        await Shop.DoneAsync(() => shop.FenceAsync());
        var refused = Assert.IsType<StepOutcome.Failed>(await shop.MeasureAsync(LossAcceptance.None));

        Assert.True(
            refused.Reason.Contains("safe-write window is closed: 1 order written", StringComparison.Ordinal),
            refused.Reason
        );
        await BackAsync(shop);
        Assert.Equal((live, orders), (await shop.OidAsync(shop.Shop.Database), await shop.OrdersAsync()));
        await shop.WriteAsync("insert into sale_order (note) values ('serves on')");
    }

    [Fact]
    public async Task While_somebody_writes_all_the_time_the_measured_number_is_what_is_really_lost()
    {
        var shop = await ReturningShop.OpenAsync(cluster, _layout);
        var before = await shop.OrdersAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var acknowledged = WriteUntilRefusedAsync(shop, stop.Token);
        await Eventually.IsTrueAsync(async () => await shop.OrdersAsync() != before, () => "the writer does not write");
        await shop.WriteAsync(
            "update sale_order set note = 'changed' where id = 1",
            "delete from sale_order where id = 3"
        );

        await Shop.DoneAsync(() => shop.FenceAsync());
        await stop.CancelAsync();
        var written = await acknowledged;
        var done = Assert.IsType<StepOutcome.Done>(await shop.MeasureAsync(new(null, true)));
        await Shop.DoneAsync(() => shop.AdoptAsync());
        await Shop.DoneAsync(() => shop.SwapAsync());

        // Acknowledged orders, at most one more whose answer was cut, one changed and one deleted.
        var measured = ReturningShop.Number(done.Summary.Split(' ')[0]);
        var lost = await shop.LostAsync();
        Assert.InRange(measured, written + 2, written + 3);
        Assert.True(measured - 1 == lost.Length, $"{done.Summary}: {lost.Length} {written} {lost[0]} {lost[^1]}");
        await using (var peek = await OpenedAsync(shop, shop.Kept))
        {
            Assert.Equal(
                measured - 2,
                ReturningShop.Number(
                    await cluster.Postgres.ScalarAsync(shop.Kept, "select count(*) from sale_order where id > 3")
                )
            );
        }

        Assert.Equal(before, await shop.OrdersAsync());
    }

    [Fact]
    public async Task More_than_was_accepted_is_refused_and_exactly_as_much_is_not()
    {
        var shop = await ReturningShop.OpenAsync(cluster, _layout);
        await shop.WriteAsync("insert into sale_order (note) select 'new' from generate_series(1, 5)");
        await Shop.DoneAsync(() => shop.FenceAsync());

        var refused = Assert.IsType<StepOutcome.Failed>(await shop.MeasureAsync(new(4, false)));
        await Shop.DoneAsync(() => shop.MeasureAsync(new(5, false)));

        Assert.Contains(
            "5 rows of business documents would be lost and 4 were accepted",
            refused.Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_given_out_again_is_behind_what_was_given_out()
    {
        var shop = await ReturningShop.OpenAsync(cluster, _layout);
        await shop.WriteAsync("insert into sale_order (note) select 'new' from generate_series(1, 5)");
        await ForwardAsync(shop);
        await cluster.Postgres.ExecuteAsync("postgres", $"alter database {shop.Shop.Database} allow_connections true");

        var given = await cluster.Postgres.ScalarAsync(
            shop.Shop.Database,
            "insert into sale_order (note) values ('after') returning id"
        );

        Assert.Equal("9", given);
    }

    [Fact]
    public async Task The_replaced_database_is_kept_and_the_tenant_can_go_there_again()
    {
        var shop = await ReturningShop.OpenAsync(cluster, _layout);
        var replaced = await shop.OidAsync(shop.Shop.Database);
        await ForwardAsync(shop);

        Assert.Equal(replaced, await shop.OidAsync(shop.Kept));
        var kept = Assert.Single(
            await new Drivers.Checkpoints.SiteCheckpoints(
                _layout,
                cluster.Site,
                new(cluster.Site, TimeProvider.System)
            ).ListAsync(Token),
            kept => kept.Live == shop.Shop.Database
        );
        Assert.Equal((shop.Kept, true), (kept.Database, kept.IsKept));
    }

    [Fact]
    public async Task Every_step_twice_equals_once_forward_and_back()
    {
        var shop = await ReturningShop.OpenAsync(cluster, _layout);
        Func<Task<StepOutcome>>[] steps =
        [
            () => shop.FenceAsync(),
            () => shop.MeasureAsync(LossAcceptance.None),
            () => shop.AdoptAsync(),
            () => shop.SwapAsync(),
            () => shop.SwapBackAsync(),
            () => shop.ReturnSourceAsync(),
            () => shop.UnfenceAsync(),
        ];
        foreach (var step in steps)
        {
            await Shop.DoneAsync(step);
            var once = await shop.Shop.StateAsync();

            await Shop.DoneAsync(step);

            Assert.Equal(once, await shop.Shop.StateAsync());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Given_up_after_any_step_the_tenant_is_as_it_was_and_its_checkpoint_too(int steps)
    {
        var shop = await ReturningShop.OpenAsync(cluster, _layout);
        await shop.StateAsync();
        var before = await StateAsync(shop);
        Func<Task<StepOutcome>>[] forward =
        [
            () => shop.FenceAsync(),
            () => shop.MeasureAsync(LossAcceptance.None),
            () => shop.AdoptAsync(),
            () => shop.SwapAsync(),
        ];
        foreach (var step in forward.Take(steps))
        {
            await Shop.DoneAsync(step);
        }

        await BackAsync(shop);

        Assert.Equal(before, await StateAsync(shop));
        await shop.WriteAsync("insert into sale_order (note) values ('serves on')");
    }

    [Fact]
    public async Task An_old_control_plane_changes_nothing()
    {
        var shop = await ReturningShop.OpenAsync(cluster, _layout);
        await Shop.DoneAsync(() => shop.FenceAsync(epoch: 7));
        var before = await shop.Shop.StateAsync();

        Assert.IsType<StepOutcome.Unknown>(await shop.MeasureAsync(LossAcceptance.None, epoch: 6));
        Assert.IsType<StepOutcome.Unknown>(await shop.AdoptAsync(epoch: 6));
        Assert.IsType<StepOutcome.Unknown>(await shop.ReturnSourceAsync(epoch: 6));

        Assert.Equal(before, await shop.Shop.StateAsync());
    }

    public void Dispose() => Directory.Delete(_layout.Home, recursive: true);

    private static async Task ForwardAsync(ReturningShop shop)
    {
        await Shop.DoneAsync(() => shop.FenceAsync());
        await Shop.DoneAsync(() => shop.MeasureAsync(new(null, true)));
        await Shop.DoneAsync(() => shop.AdoptAsync());
        await Shop.DoneAsync(() => shop.SwapAsync());
    }

    private static async Task BackAsync(ReturningShop shop)
    {
        await Shop.DoneAsync(() => shop.SwapBackAsync());
        await Shop.DoneAsync(() => shop.ReturnSourceAsync());
        await Shop.DoneAsync(() => shop.UnfenceAsync());
    }

    /// <summary>Everything but the history of swaps that were reversed.</summary>
    private async Task<string?> StateAsync(ReturningShop shop)
    {
        await cluster.Postgres.ExecuteAsync("postgres", "delete from tidegate.swap where swapped_back_at is not null");
        return await shop.Shop.StateAsync();
    }

    /// <summary>Orders one by one, until the fence ends it. How many were acknowledged.</summary>
    private static async Task<int> WriteUntilRefusedAsync(ReturningShop shop, CancellationToken cancellationToken)
    {
        var count = 0;
        try
        {
            await using var connection = await shop.Shop.Cluster.Postgres.OpenAsync(
                shop.Shop.Database,
                shop.Shop.NewRole
            );
            while (!cancellationToken.IsCancellationRequested)
            {
                await using var command = new Npgsql.NpgsqlCommand(
                    "insert into sale_order (note) values ('through')",
                    connection
                );
                await command.ExecuteNonQueryAsync(CancellationToken.None);
                count++;
            }
        }
        catch (Npgsql.NpgsqlException)
        {
            // the fence
        }

        return count;
    }

    private async Task<Opened> OpenedAsync(ReturningShop shop, string database)
    {
        await cluster.Postgres.ExecuteAsync("postgres", $"alter database {database} allow_connections true");
        await cluster.Postgres.ExecuteAsync("postgres", $"alter database {shop.Shop.Database} allow_connections true");
        return new(cluster, database);
    }

    private sealed class Opened(SiteCluster cluster, string database) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() =>
            await cluster.Postgres.ExecuteAsync("postgres", $"alter database {database} allow_connections false");
    }
}
