using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Journeys;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Odoo;

/// <summary>Makes the tests that take <see cref="CutoverSite"/> share one, and run one after another.</summary>
[CollectionDefinition(nameof(CutoverSite))]
public sealed class CutoverSiteTests : ICollectionFixture<CutoverSite>;

/// <summary>A site with the story's releases and a generation for each that a test asks for, without a gateway: what the steps of this folder touch, as it really is.</summary>
public sealed class CutoverSite : IAsyncLifetime
{
    private const string Template = "tpl";
    private const string Password = "tide";
    private const string Secret = "journey";
    private const int Workers = 2;

    private readonly Dictionary<string, ReleaseRef> _releases = new(StringComparer.Ordinal);
    private ServiceProvider? _services;
    private string _filestore = "";

    public static PoolName Pool { get; } = new("tests");

    public SiteLayout Layout { get; } = new(Directory.CreateTempSubdirectory("tg-").FullName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public GenerationRuntime Runtime => Services.GetRequiredService<GenerationRuntime>();

    private ServiceProvider Services => _services ??= Compose();

    public async ValueTask InitializeAsync()
    {
        await new LocalSite(Layout, TimeProvider.System).StartPostgresAsync(
            new SiteOptions(0, PostgresBinaries.Find()!),
            Token
        );
        var made = (await Repository.EngAsync("template"))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        _filestore = made["filestore"];
        await new TenantProvisioning(Layout.Cluster).CreateEmptyAsync(Template, Token);
        await ExecuteAsync(Template, "ALTER SCHEMA public OWNER TO own_tpl");
        var restored = await Tool.RunAsync(
            Path.Combine(PostgresBinaries.Find()!, "pg_restore"),
            [
                "-h",
                Layout.PostgresSocket,
                "-U",
                DatabaseNames.SiteRole,
                "-d",
                Template,
                "--role=own_tpl",
                "--no-owner",
                "--no-acl",
                "--exit-on-error",
                "-j2",
                made["dump"],
            ],
            Token
        );
        Assert.True(restored.ExitCode == 0, restored.Complaint);
        await ExecuteAsync(Template, $"UPDATE res_users SET password = '{Password}' WHERE login = 'journey'");
        await File.WriteAllTextAsync(Path.Combine(Layout.Secrets, Secret), Password, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await new LocalSite(Layout, TimeProvider.System).DownAsync(CancellationToken.None);
        await (_services?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(Layout.Home, recursive: true);
    }

    /// <summary>Runs a step's real handler.</summary>
    public Task<StepOutcome> RunAsync<TStep>(TStep step, StepContext context)
        where TStep : Step =>
        Services
            .GetRequiredService<IStepHandler<TStep>>()
            .RunAsync(step, context with { StepId = new(context.Upgrade, step.Kind) }, Token);

    /// <summary>Runs steps that have to succeed.</summary>
    public async Task SucceedAsync(StepContext context, params Step[] steps)
    {
        foreach (var step in steps)
        {
            var outcome = await RunAsync((dynamic)step, context);
            Assert.True(outcome is StepOutcome.Done, $"{step.Kind}: {outcome.Summary} {Proof(outcome)}");
            TestContext.Current.SendDiagnosticMessage($"{step.Kind}: {outcome.Summary}");
        }
    }

    /// <summary>The evidence that an outcome names.</summary>
    public string Proof(StepOutcome outcome) =>
        outcome is StepOutcome.Failed { Evidence: { } place } && File.Exists(Path.Combine(Layout.Evidence, place))
            ? File.ReadAllText(Path.Combine(Layout.Evidence, place))
            : "";

    /// <summary>A tenant on a release, served by its generation.</summary>
    public async Task<StepContext> TenantAsync(string database, string from, string to, params string[] modules)
    {
        await new TenantProvisioning(Layout.Cluster).CreateFromTemplateAsync(database, Template, Token);
        var files = Layout.Filestore(Pool, database);
        var (old, next) = (await ReleaseAsync(from), await ReleaseAsync(to));
        await GenerationAsync(old);
        await GenerationAsync(next);
        Directory.CreateDirectory(files);
        await Tool.RunAsync("tar", ["-C", files, "-xf", _filestore], Token);
        if (await OsUser.EnsureAsync(OsUser.OfPool(Pool), Token) is { } user)
        {
            await Tool.RunAsync("chown", ["-R", user.Name, Layout.PoolData(Pool)], Token);
        }

        await new TenantProvisioning(Layout.Cluster).GiveAsync(
            database,
            DatabaseNames.Generation(Pool, old.Digest),
            Token
        );
        (await Runtime.ListsAsync(Pool, old.Digest, Token)).TrySet(database, Service.WebOnly, 1);
        return Upgrade(database, old, next, modules);
    }

    /// <summary>The next upgrade of a tenant whose last one went well, under a higher epoch.</summary>
    public async Task<StepContext> NextAsync(StepContext last, string to, params string[] modules)
    {
        var next = await ReleaseAsync(to);
        await GenerationAsync(next);
        return Upgrade(last.Target.Database, last.Target.To, next, modules) with { Epoch = last.Epoch + 1 };
    }

    private static StepContext Upgrade(string database, ReleaseRef from, ReleaseRef to, string[] modules)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new(
            new StepId(new UpgradeId($"u-{Guid.CreateVersion7(now):n}"), "test"),
            RolloutId.New(TimeProvider.System),
            new UpgradeTarget(
                new TenantName(database),
                Pool,
                Workers,
                database,
                [$"{database}.example"],
                new TenantProfile("journey", Secret, []),
                from,
                to,
                [.. modules],
                []
            ),
            Epoch: 1,
            now,
            now
        );
    }

    /// <summary>The new generation serves the swapped database.</summary>
    public async Task ServeAsync(StepContext context)
    {
        await new TenantAccess(Layout.Cluster).GiveToGenerationAsync(context, Token);
        (await Runtime.ListsAsync(Pool, context.Target.To.Digest, Token)).TrySet(
            context.Target.Database,
            Service.WebOnly,
            context.Epoch
        );
    }

    /// <summary>A database that the pool's migrator may update, and the release to update it to.</summary>
    public async Task<MigrationRequest> MigrationAsync(string database, string release, params string[] modules)
    {
        var target = await ReleaseAsync(release);
        await GenerationAsync(target);
        await new TenantProvisioning(Layout.Cluster).CreateFromTemplateAsync(database, Template, Token);
        await new TenantProvisioning(Layout.Cluster).GiveAsync(database, DatabaseNames.Migrator(Pool), Token);
        return new(
            $"{database}-1",
            new TenantName(database),
            database,
            [.. modules],
            Epoch: 1,
            JobFiles.Of(Layout, Pool, target.Digest, $"{database}-1")
        );
    }

    /// <summary>The two ways to migrate, by name.</summary>
    public IMigrator Migrator(string kind) =>
        kind switch
        {
            "forked" => new ForkMigrator(Layout),
            _ => new ProcessMigrator(
                new MigratorCommand(Layout).OfAsync,
                Services.GetRequiredService<ProcessLauncher>(),
                TimeProvider.System
            ),
        };

    /// <summary>What a migration leaves that dies right after it has begun.</summary>
    public async Task MarkBegunAsync(StepContext context) =>
        Assert.True(await Services.GetRequiredService<TenantCopy>().MarkMigrationBegunAsync(context, Token));

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var session = new NpgsqlConnection(
            Layout.Cluster.ConnectionString(database, SitePostgres.Superuser)
        );
        await session.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync(Token);
    }

    public async Task<string?> ScalarAsync(string database, string sql)
    {
        await using var session = new NpgsqlConnection(
            Layout.Cluster.ConnectionString(database, SitePostgres.Superuser)
        );
        await session.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, session);
        return (await command.ExecuteScalarAsync(Token))?.ToString();
    }

    public Task GenerationAsync(ReleaseRef release) =>
        Runtime.EnsureAsync(new WantedGeneration(Pool, release.Digest, Workers, []), Token);

    public async Task<ReleaseRef> ReleaseAsync(string name)
    {
        if (!_releases.TryGetValue(name, out var release))
        {
            var core = (await Repository.EngAsync("where", "odoo"))[0];
            var built = (await RealReleases.BuilderAsync(Layout.Bundles)).Build(
                new BuildRequest(name, core, [Repository.At("samples", "addons", name)], ReleaseNotes.None),
                _ => { },
                Token
            );
            release = Assert.IsType<BuildResult.Built>(built).Release.Ref;
            _releases.Add(name, release);
        }

        return release;
    }

    private ServiceProvider Compose() =>
        new ServiceCollection()
            .AddSingleton(Layout)
            .AddSingleton(Layout.Cluster)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(new BundleStore(Layout.Bundles))
            .AddSingleton(new ProcessLauncher(Layout.Home, Layout.Run, TimeProvider.System))
            .AddSingleton<GenerationHttp>()
            .AddSingleton<GenerationRuntime>()
            .AddSingleton<IGenerationPorts>(provider => provider.GetRequiredService<GenerationRuntime>())
            .AddSingleton<TenantCopy>()
            .AddSingleton<IStepHandler<Fence>, FenceHandler>()
            .AddSingleton<IStepHandler<Copy>, CopyHandler>()
            .AddSingleton<IStepHandler<Swap>, SwapHandler>()
            .AddSingleton<IStepHandler<DropCopy>, DropCopyHandler>()
            .AddSingleton<IStepHandler<Unfence>, UnfenceHandler>()
            .AddOdooDriver()
            .AddJourneys()
            .BuildServiceProvider();
}
