using System.Text.Json;
using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Objectives;

/// <summary>What git says of objectives, on PostgreSQL.</summary>
public sealed class ObjectiveStoreTests(PostgresCluster cluster)
    : IClassFixture<PostgresCluster>,
        IAsyncLifetime,
        IAsyncDisposable
{
    private static readonly ObjectiveTerms Orders = new(
        new(new("orders"), "order-capture", TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(90))
        {
            Environments = [new EnvironmentName("production")],
            Tags = ["'; drop table recovery_objective; --"],
            Documents = ["sale.order"],
            Drills = new() { ClusterLoss = TimeSpan.FromDays(90) },
            Proof = GateDemand.Required,
        },
        [new TenantName("shop-oslo"), new TenantName("shop-rome")]
    );

    private static readonly ObjectiveTerms Stock = new(
        new(new("stock"), "inventory-accuracy", TimeSpan.FromHours(4), TimeSpan.Zero)
        {
            Tenants = [new TenantName("shop-rome")],
        },
        [new TenantName("shop-rome")]
    );

    private NpgsqlDataSource? _database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ObjectiveStore Store => new(_database!);

    [Fact]
    public async Task What_was_stored_comes_back_whole_and_by_tenant()
    {
        await Store.ReplaceAsync([Stock, Orders], Token);

        Assert.Equal([Text(Orders), Text(Stock)], (await Store.ListAsync(Token)).Select(Text));
        Assert.Equal(Text(Stock), Text(await Store.FindAsync(new("stock"), Token)));
        Assert.Equal([Text(Orders)], (await Store.OfAsync(new("shop-oslo"), Token)).Select(Text));
        Assert.Empty(await Store.OfAsync(new("shop-lund"), Token));
        Assert.Null(await Store.FindAsync(new("finance"), Token));
    }

    [Fact]
    public async Task What_is_not_said_any_more_is_gone_and_the_same_twice_is_once()
    {
        await Store.ReplaceAsync([Stock, Orders], Token);
        await Store.ReplaceAsync([Orders], Token);
        await Store.ReplaceAsync([Orders], Token);

        Assert.Equal([Text(Orders)], (await Store.ListAsync(Token)).Select(Text));
    }

    public async ValueTask InitializeAsync() => _database = ControlDatabase.Open(await cluster.ControlDatabaseAsync());

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private static string Text(ObjectiveTerms? terms) => JsonSerializer.Serialize(terms, StoredJson.Options);
}
