using System.Globalization;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.OdooTests.Fixtures;

/// <summary>
/// A private PostgreSQL cluster with the template shop in it (release 2026.11.1, <c>samples/template</c>) and a folder
/// for Odoo's processes. Made once for all tests that take it; they get copies.
/// </summary>
public sealed class OdooShop : IAsyncLifetime
{
    /// <summary>Password of the users <c>admin</c>, <c>shop</c> and <c>journey</c>.</summary>
    public const string Password = "tide";

    private const string Template = "template";
    private readonly string _folder = Directory.CreateTempSubdirectory("tidegate-odoo-").FullName;
    private int _configurations;

    public PostgresCluster Cluster { get; } = new();

    public OdooTree Odoo { get; private set; } = null!;

    /// <summary>Where the bridge lies for the tests: the checkout may be closed to the user who runs Odoo.</summary>
    public string Bridge => At("bridge");

    public async ValueTask InitializeAsync()
    {
        await Cluster.InitializeAsync();
        Odoo = new OdooTree((await Repository.EngAsync("where", "odoo"))[0]);
        var made = (await Repository.EngAsync("template"))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        await PostgresTools.RunAsync("cp", "-r", Repository.At("bridge"), Repository.At("samples"), _folder);
        await PostgresTools.RunAsync("mkdir", "-p", At("data", "filestore", Template));
        await PostgresTools.RunAsync("tar", "-C", At("data", "filestore", Template), "-xf", made["filestore"]);
        await GiveToServerAsync(_folder);
        await RestoreAsync(made["dump"]);
    }

    /// <summary>A new database, a copy of the template with its filestore.</summary>
    public async Task<string> CopyAsync(string name)
    {
        await Cluster.ExecuteAsync("postgres", $"""CREATE DATABASE "{name}" TEMPLATE "{Template}" """);
        await PostgresTools.RunAsync("cp", "-r", At("data", "filestore", Template), At("data", "filestore", name));
        await GiveToServerAsync(At("data", "filestore", name));
        return name;
    }

    /// <summary>A path below the tests' folder, which the user who runs Odoo may write.</summary>
    public string At(params ReadOnlySpan<string> parts) => Path.Combine([_folder, .. parts]);

    /// <summary>Writes an odoo.conf as a generation's, with the addons of a release of the story.</summary>
    public async Task<string> ConfigureAsync(string release)
    {
        var number = Interlocked.Increment(ref _configurations).ToString(CultureInfo.InvariantCulture);
        var addons = $"{Odoo.Addons},{At("samples", "addons", release)},{Bridge}";
        var path = At($"odoo-{number}.conf");
        await File.WriteAllTextAsync(
            path,
            $"""
            [options]
            db_host = {Cluster.Site.SocketDirectory}
            db_port = {Cluster.Site.Port.ToString(CultureInfo.InvariantCulture)}
            db_user = odoo
            data_dir = {At("data")}
            addons_path = {addons}
            server_wide_modules = base,rpc,web,tidegate_bridge
            http_interface = 127.0.0.1
            proxy_mode = True
            list_db = False
            dbfilter = ^$
            admin_passwd =
            """,
            TestContext.Current.CancellationToken
        );
        return path;
    }

    /// <summary>The installed modules of the template in dependency order, as a JSON file.</summary>
    public async Task<string> ListModulesAsync()
    {
        var path = At("modules.json");
        var modules = await Cluster.ScalarAsync(Template, InstalledModules);
        await File.WriteAllTextAsync(path, modules, TestContext.Current.CancellationToken);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RestoreAsync(string dump)
    {
        await Cluster.ExecuteAsync(
            "postgres",
            "CREATE ROLE own_template NOLOGIN",
            "CREATE ROLE odoo LOGIN IN ROLE own_template",
            "ALTER ROLE odoo SET role TO own_template",
            $"CREATE DATABASE {Template} TEMPLATE template0 ENCODING 'UTF8'",
            $"GRANT CREATE ON DATABASE {Template} TO own_template"
        );
        await Cluster.ExecuteAsync(Template, "ALTER SCHEMA public OWNER TO own_template");
        await PostgresTools.RunAsServerAsync(
            PostgresTools.Binary("pg_restore"),
            [
                "-h",
                Cluster.Site.SocketDirectory,
                "-U",
                "postgres",
                "-d",
                Template,
                "--role=own_template",
                "--no-owner",
                "--no-acl",
                "--exit-on-error",
                "-j2",
                dump,
            ]
        );
        await Cluster.ExecuteAsync(
            Template,
            // Odoo hashes a plain one at the first log-in.
            $"UPDATE res_users SET password = '{Password}' WHERE login IN ('admin', 'shop', 'journey')",
            "INSERT INTO ir_config_parameter (key, value) VALUES ('web.base.url.freeze', 'True')"
        );
    }

    private static Task GiveToServerAsync(string path) =>
        PostgresTools.RunsAsRoot ? PostgresTools.RunAsync("chown", "-R", PostgresTools.User, path) : Task.CompletedTask;

    private const string InstalledModules = """
        WITH RECURSIVE depth(name, depth) AS (
            SELECT name::text, 0 FROM ir_module_module WHERE state = 'installed'
            UNION
            SELECT m.name::text, depth.depth + 1
              FROM depth
              JOIN ir_module_module_dependency d ON d.name = depth.name
              JOIN ir_module_module m ON m.id = d.module_id AND m.state = 'installed')
        SELECT json_agg(name ORDER BY deepest, name)
          FROM (SELECT name, max(depth) AS deepest FROM depth GROUP BY name) AS ordered
        """;
}

/// <summary>Makes the tests that take <see cref="OdooShop"/> share one, and run one after another.</summary>
[CollectionDefinition(nameof(OdooShop))]
public sealed class OdooShopTests : ICollectionFixture<OdooShop>;
