using Tidegate.Demo.Shops;
using Tidegate.Drivers.Databases;

namespace Tidegate.Bench.Cutover;

/// <summary>A copy of the shops' template that the pool's migrator may update, made with nothing around it.</summary>
internal sealed class BareCopy : IAsyncDisposable
{
    private readonly PostgresSession _session;

    private BareCopy(PostgresSession session, string name) => (_session, Name) = (session, name);

    public string Name { get; }

    /// <param name="suffix">The copy is named after the first shop, so that Odoo finds that shop's files.</param>
    public static async Task<BareCopy> MakeAsync(ShopSite site, string suffix, CancellationToken cancellationToken)
    {
        var shop = BenchSite.Shops[0];
        var session = await site.Layout.Cluster.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        var copy = new BareCopy(session, $"{shop.Database}__{suffix}");
        await session.ExecuteAllAsync(
            [
                $"CREATE DATABASE {Sql.Name(copy.Name)} TEMPLATE {ShopFleet.Template} STRATEGY file_copy",
                .. TenantRights.Give(
                    copy.Name,
                    DatabaseNames.Owner(ShopFleet.Template),
                    DatabaseNames.Migrator(new(shop.Pool))
                ),
            ],
            cancellationToken
        );
        return copy;
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever worked on it has ended, or is to.
        await _session.ExecuteAsync($"DROP DATABASE {Sql.Name(Name)} WITH (FORCE)", CancellationToken.None);
        await _session.DisposeAsync();
    }
}
