using System.Collections.Immutable;
using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Copies.Neutralising;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Copies;

/// <summary>A real shop that would act on the world (<c>samples/copies</c>): the source of every copy of these tests.</summary>
public sealed class PlantedShop(OdooShop shop) : IAsyncLifetime
{
    private const string Source = "planted";
    private const string Release = "copies";

    /// <summary>What somebody said about the module that has no script.</summary>
    internal static readonly NeutralisationTerms Accepting = new() { Accepted = ["carrier_ftp"] };

    private readonly List<string> _copies = [];

    public OdooShop Shop => shop;

    /// <summary>Whatever connects, counts: mail and calls go here.</summary>
    internal Sink Smtp { get; } = new();

    internal Sink Http { get; } = new();

    internal ReleaseAddons Addons =>
        new(
            "19.0",
            [
                .. shop.Odoo.Addons.Split(','),
                shop.At("samples", "addons", "2026.11.1"),
                shop.At("samples", "copies", "addons"),
            ]
        );

    public async ValueTask InitializeAsync()
    {
        if (await shop.Cluster.ScalarAsync("postgres", $"SELECT 1 FROM pg_database WHERE datname = '{Source}'") is null)
        {
            await shop.CopyAsync(Source);
            var installing = OdooProcess.Start(
                shop,
                "plant.log",
                [
                    .. await OdooAsync(Source),
                    "-i",
                    "carrier_ftp",
                    "--stop-after-init",
                    "--no-http",
                    "--max-cron-threads",
                    "0",
                ],
                ("TIDEGATE_SINK_SMTP", $"{Smtp.Port}"),
                ("TIDEGATE_SINK_HTTP", $"{Http.Port}")
            );
            Assert.True(await installing.WaitForExitAsync() == 0, installing.ReadLog());
            await installing.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _copies.Append(Source))
        {
            await shop.Cluster.ExecuteAsync("postgres", $"DROP DATABASE {database} WITH (FORCE)");
            if (Directory.Exists(FilesOf(database)))
            {
                Directory.Delete(FilesOf(database), recursive: true);
            }
        }

        await Smtp.DisposeAsync();
        await Http.DisposeAsync();
    }

    /// <summary>A raw copy, as a template copy or a restore makes it.</summary>
    internal async Task<CopyDatabase> CopyAsync(string name)
    {
        await shop.Cluster.ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {Source}");
        _copies.Add(name);
        return new(shop.Cluster.Site, name, "postgres");
    }

    /// <summary>The folder of a copy's files: links to its source's.</summary>
    internal async Task<string> LinkFilesAsync(CopyDatabase copy)
    {
        var folder = FilesOf(copy.Name);
        await IntegrationTests.Fixtures.PostgresTools.RunAsync("cp", "-al", FilesOf(Source), folder);
        return folder;
    }

    internal string FilesOf(string database) => shop.At("data", "filestore", database);

    internal string SourceFiles => FilesOf(Source);

    internal Task<CopyIdentity> IdentityAsync() =>
        CopyIdentity.ReadAsync(
            new CopyDatabase(shop.Cluster.Site, Source, "postgres"),
            TestContext.Current.CancellationToken
        );

    /// <summary>A copy that is neutral.</summary>
    internal async Task<CopyDatabase> NeutralAsync(string name)
    {
        var copy = await CopyAsync(name);
        await NeutraliseAsync(copy, Accepting);
        return copy;
    }

    internal Task<NeutralisationReport> NeutraliseAsync(CopyDatabase copy, NeutralisationTerms terms) =>
        NeutralisationRun.RunAsync(copy, Addons, terms, TestContext.Current.CancellationToken);

    internal async Task<ImmutableArray<string>> ProveAsync(CopyDatabase copy) =>
        await NeutralisationProof.AskAsync(copy, Addons, await IdentityAsync(), TestContext.Current.CancellationToken);

    internal Task<string?> ScalarAsync(CopyDatabase copy, string query) => shop.Cluster.ScalarAsync(copy.Name, query);

    /// <summary>How Odoo is started on a database of these tests, without the bridge.</summary>
    internal async Task<IReadOnlyList<string>> OdooAsync(string database) =>
        [
            shop.Odoo.Program,
            "--config",
            await ConfigureAsync(),
            "--load",
            "base,rpc,web",
            "-d",
            database,
            "--workers",
            "0",
        ];

    private async Task<string> ConfigureAsync()
    {
        var path = shop.At($"{Release}.conf");
        await File.WriteAllTextAsync(
            path,
            $"""
            [options]
            db_host = {shop.Cluster.Site.SocketDirectory}
            db_port = {shop.Cluster.Site.Port}
            db_user = odoo
            data_dir = {shop.At("data")}
            addons_path = {string.Join(',', Addons.Paths)}
            http_interface = 127.0.0.1
            list_db = False
            admin_passwd =
            """,
            TestContext.Current.CancellationToken
        );
        return path;
    }
}
