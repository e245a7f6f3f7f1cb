using System.Globalization;
using Tidegate.Drivers.Databases;

namespace Tidegate.IntegrationTests.Databases;

public sealed class SignalTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private const string Highest = "select max(id) from orm_signaling_registry";
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_attempt_signals_above_everything_the_first_one_showed()
    {
        var shop = await cluster.NewShopAsync();
        await shop.AsAsync(
            shop.OldRole,
            shop.Database,
            "create table orm_signaling_registry (id serial primary key, date timestamp default now())",
            "create table orm_signaling_default (id serial primary key, date timestamp default now())",
            "insert into orm_signaling_registry default values",
            "create sequence base_cache_signaling"
        );
        var signals = new OdooSignals(cluster.Site);
        await shop.FenceAsync();
        await shop.CopyAsync();
        var first = await signals.RaiseAsync(shop.Context(), Token);
        await shop.AsAsync(shop.MigratorRole, shop.Copy, "insert into orm_signaling_registry default values");
        var shown = await ValueAsync(shop, Highest);
        await shop.DropCopyAsync();
        await shop.CopyAsync();
        Assert.Equal(1, await ValueAsync(shop, Highest));

        var second = await signals.RaiseAsync(shop.Context(), Token);

        Assert.Equal(first + 1, shown);
        Assert.True(second > shown);
        Assert.Equal(second, await ValueAsync(shop, Highest));
        Assert.Equal(second, await ValueAsync(shop, "select max(id) from orm_signaling_default"));
        Assert.Equal(second, await ValueAsync(shop, "select last_value from base_cache_signaling"));
        await shop.AsAsync(shop.MigratorRole, shop.Copy, "insert into orm_signaling_registry default values");
        Assert.Equal(second + 1, await ValueAsync(shop, Highest));
    }

    [Fact]
    public async Task A_database_without_signals_has_none_raised()
    {
        var shop = await cluster.NewShopAsync();
        await shop.FenceAsync();
        await shop.CopyAsync();

        Assert.Null(await new OdooSignals(cluster.Site).RaiseAsync(shop.Context(), Token));
    }

    private async Task<long> ValueAsync(Shop shop, string query) =>
        long.Parse(
            await cluster.Postgres.ScalarAsync(shop.Copy, query, shop.MigratorRole) ?? "",
            CultureInfo.InvariantCulture
        );
}
