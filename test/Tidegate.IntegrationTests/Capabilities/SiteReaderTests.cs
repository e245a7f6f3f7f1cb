using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Parity;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Capabilities;

/// <summary>What gates read of a site, on a real PostgreSQL.</summary>
public sealed class SiteReaderTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>, IAsyncLifetime
{
    private static readonly ReleaseRef Release = new("1", ReleaseDigest.Create($"sha256:{new string('1', 64)}"));
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-read-").FullName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenants_database_is_read_as_it_is()
    {
        await ShopAsync("parity_shop", "2026-11-25T06:00:00Z");

        var read = await ReadAsync("parity_shop");

        var database = Assert.IsType<DatabaseParity>(read.Database);
        Assert.Equal(("UTF8", "C.UTF-8", "C.UTF-8"), (database.Encoding, database.Collation, database.CharacterType));
        Assert.Equal(["en_US", "nb_NO"], database.Languages);
        Assert.Equal("Europe/Oslo", database.TimeZone);
        Assert.Contains("plpgsql", database.Extensions.Keys);
        Assert.Equal(new DateTimeOffset(2026, 11, 25, 6, 0, 0, TimeSpan.Zero), database.DataAsOf);
        Assert.Equal("19.0.1.0", read.Modules["sale"]);
        Assert.Equal("2", read.Options["workers"]);
        Assert.DoesNotContain("db_user", read.Options.Keys);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("last week")]
    public async Task Data_of_which_nobody_wrote_down_a_time_has_none(string? written)
    {
        var name = $"parity_{(written is null ? "none" : "text")}";
        await ShopAsync(name, written);

        Assert.Null((await ReadAsync(name)).Database!.DataAsOf);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_unread_and_no_failure() =>
        Assert.Null((await ReadAsync("parity_nowhere")).Database);

    [Fact]
    public async Task A_site_whose_cluster_does_not_answer_has_no_facts()
    {
        using var gateway = new GatewayClient(_layout.GatewaySocket);

        Assert.Null(await new SiteFactsReader(_layout, gateway).ReadAsync(Token));
    }

    public ValueTask InitializeAsync()
    {
        // The site's socket is where its layout has it: there the test's cluster is found.
        Directory.CreateDirectory(Path.GetDirectoryName(_layout.PostgresSocket)!);
        Directory.CreateSymbolicLink(_layout.PostgresSocket, cluster.Site.SocketDirectory);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(_layout.PostgresSocket);
        Directory.Delete(_layout.Home, recursive: true);
        return ValueTask.CompletedTask;
    }

    private Task<TenantParity> ReadAsync(string database) =>
        new ParityReader(_layout, new BundleStore(_layout.Bundles)).ReadAsync(
            new(
                new(
                    new("shop"),
                    new("pool"),
                    database,
                    ["a.example"],
                    "Europe/Oslo",
                    new("u", "s", []),
                    Release.Digest
                ),
                new(new("pool"), new("local"), new("production"), HostingModel.Shared, 2),
                Release,
                null,
                false
            ),
            Token
        );

    private async Task ShopAsync(string name, string? dataAsOf)
    {
        await cluster.ExecuteAsync(
            "postgres",
            $"DO $$ BEGIN CREATE ROLE {DatabaseNames.SiteRole} LOGIN SUPERUSER; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
            $"CREATE DATABASE {name}",
            $"ALTER DATABASE {name} SET TimeZone TO 'Europe/Oslo'"
        );
        await cluster.ExecuteAsync(
            name,
            "CREATE TABLE ir_module_module (name text, state text, latest_version text)",
            "INSERT INTO ir_module_module VALUES ('sale', 'installed', '19.0.1.0'), ('crm', 'uninstalled', null)",
            "CREATE TABLE res_lang (code text, active bool)",
            "INSERT INTO res_lang VALUES ('nb_NO', true), ('en_US', true), ('fr_FR', false)",
            "CREATE TABLE ir_config_parameter (key text, value text)",
            dataAsOf is null
                ? "SELECT 1"
                : $"INSERT INTO ir_config_parameter VALUES ('{ParityReader.DataAsOfParameter}', '{dataAsOf}')"
        );
    }
}
