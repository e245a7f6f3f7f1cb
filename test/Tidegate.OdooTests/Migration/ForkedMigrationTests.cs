using Tidegate.IntegrationTests.Fixtures;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Migration;

[Collection(nameof(OdooShop))]
public sealed class ForkedMigrationTests(OdooShop shop)
{
    [Fact]
    public async Task A_forked_migration_leaves_what_the_command_line_leaves()
    {
        var forked = await shop.CopyAsync("equal_forked");
        var commanded = await shop.CopyAsync("equal_commanded");
        await using var server = await ForkServer.StartAsync(shop, "equal", "2026.11.2");

        var result = await server.AskAsync(server.Migrate("equal-1", forked, "shop_suite"));
        await UpdateByCommandLineAsync(commanded, "shop_suite");

        Assert.Equal(0, (int?)result["exit"]);
        Assert.Equal(await SchemaOfAsync(commanded), await SchemaOfAsync(forked));
        foreach (var query in Fingerprints)
        {
            Assert.Equal(
                await shop.Cluster.ScalarAsync(commanded, query),
                await shop.Cluster.ScalarAsync(forked, query)
            );
        }

        var log = await File.ReadAllTextAsync(shop.At("jobs", "equal-1.log"), TestContext.Current.CancellationToken);
        Assert.Contains("Modules loaded.", log, StringComparison.Ordinal);
        Assert.Contains("added column 'promo_saving'", log, StringComparison.Ordinal);
        Assert.Contains("Running migration", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_raises_ends_as_the_command_line_does()
    {
        var database = await shop.CopyAsync("raises");
        var release = await StoryRelease.WithMigrationAsync(shop, "raises", "raise RuntimeError('no pricelist')");
        await using var server = await ForkServer.StartAsync(shop, "raises", release, preload: false);

        var result = await server.AskAsync(server.Migrate("raises-1", database, "shop_suite"));

        Assert.Equal(255, (int?)result["exit"]);
        var log = await File.ReadAllTextAsync(shop.At("jobs", "raises-1.log"), TestContext.Current.CancellationToken);
        Assert.Contains(
            "CRITICAL raises odoo.service.server: Failed to initialize database `raises`.",
            log,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_database_that_is_missing_or_empty_is_refused_and_not_made()
    {
        await shop.Cluster.ExecuteAsync("postgres", "CREATE DATABASE nothing_in_it OWNER odoo");
        await using var server = await ForkServer.StartAsync(shop, "refuses", "2026.11.2", preload: false);

        var missing = await server.AskAsync(server.Migrate("refuses-1", "not_there", "shop_suite"));
        var empty = await server.AskAsync(server.Migrate("refuses-2", "nothing_in_it", "shop_suite"));

        Assert.Equal(255, (int?)missing["exit"]);
        Assert.Equal(255, (int?)empty["exit"]);
        Assert.Equal(
            "0",
            await shop.Cluster.ScalarAsync("postgres", "SELECT count(*) FROM pg_database WHERE datname = 'not_there'")
        );
        Assert.Equal(
            "0",
            await shop.Cluster.ScalarAsync(
                "nothing_in_it",
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            )
        );
    }

    private async Task UpdateByCommandLineAsync(string database, string module)
    {
        var configuration = await shop.ConfigureAsync("2026.11.2");
        await using var odoo = OdooProcess.Start(
            shop,
            "command-line.log",
            [
                shop.Odoo.Program,
                "--config",
                configuration,
                "--load",
                "base,rpc,web",
                "-d",
                database,
                "-u",
                module,
                "--stop-after-init",
                "--no-http",
                "--workers",
                "0",
                "--max-cron-threads",
                "0",
                "--log-handler",
                "odoo.schema:DEBUG",
            ]
        );
        Assert.Equal(0, await odoo.WaitForExitAsync());
    }

    private async Task<string> SchemaOfAsync(string database)
    {
        var path = shop.At($"{database}.sql");
        await PostgresTools.RunAsServerAsync(
            PostgresTools.Binary("pg_dump"),
            ["-h", shop.Cluster.Site.SocketDirectory, "-U", "postgres", "-s", "-f", path, database]
        );
        var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        // \restrict carries a random word
        return string.Join('\n', lines.Where(line => !line.StartsWith('\\')));
    }

    private static readonly string[] Fingerprints =
    [
        "SELECT md5(string_agg(concat_ws('|', name, state, latest_version, auto_install), ',' ORDER BY name)) FROM ir_module_module",
        "SELECT md5(string_agg(concat_ws('|', key, type, mode, active, arch_db::text), ',' ORDER BY id)) FROM ir_ui_view",
        "SELECT md5(string_agg(concat_ws('|', model, name, ttype, store, required, relation), ',' ORDER BY model, name)) FROM ir_model_fields",
        "SELECT md5(string_agg(concat_ws('|', module, name, model), ',' ORDER BY module, name)) FROM ir_model_data",
        "SELECT md5(string_agg(concat_ws('|', name, promo_code, promo_saving), ',' ORDER BY id)) FROM sale_order",
    ];
}
