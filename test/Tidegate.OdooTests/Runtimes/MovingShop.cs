using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Runtimes;

/// <summary>A site with PostgreSQL, gateway and one shop of the template on its first release, and a second release that differs in a file.</summary>
public sealed class MovingShop : IAsyncLifetime
{
    private const string Database = "shop-oslo";
    private const string Template = "template";
    private readonly SiteHome _home = new();
    private readonly GenerationHttp _http = new();
    private long _epoch;

    public GatewayClient Gateway { get; private set; } = null!;

    public GenerationRuntime Runtime { get; private set; } = null!;

    public ReleaseRef First { get; private set; } = null!;

    public ReleaseRef Second { get; private set; } = null!;

    public SiteLayout Layout => _home.Layout;

    public LocalSite Site => _home.Site;

    public PoolName Pool { get; } = new("shared");

    public TenantName Tenant { get; } = new(Database);

    public TenantRouting Routing => new(Gateway, Runtime);

    public GenerationRetirement Retirement => new(Layout, Runtime, Gateway);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var launcher = new ProcessLauncher(Layout.Home, Layout.Run, TimeProvider.System);
        await Site.StartPostgresAsync(_home.Options, Cancelled);
        await new SiteServices(Layout, launcher, TimeProvider.System).StartGatewayAsync(_home.Options, Cancelled);
        Gateway = new(Layout.GatewaySocket);
        Runtime = new(Layout, launcher, _http, TimeProvider.System, NullLogger<GenerationRuntime>.Instance);
        await BuildReleasesAsync();
        await MakeShopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Gateway?.Dispose();
        _http.Dispose();
        await _home.DisposeAsync();
    }

    public static UpgradeId NewUpgrade() => new($"u-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):n}");

    /// <summary>A claim of the upgrade, with a higher epoch than any before.</summary>
    public StepContext Claim(UpgradeId upgrade, string step = "test") =>
        new(
            new StepId(upgrade, step),
            new RolloutId("r-test"),
            new UpgradeTarget(
                Tenant,
                Pool,
                Workers: 2,
                Database,
                ["oslo.example"],
                new TenantProfile("journey", "journey", []),
                First,
                Second,
                [],
                []
            ),
            ++_epoch,
            TimeProvider.System.GetUtcNow(),
            TimeProvider.System.GetUtcNow()
        );

    /// <summary>Runs a step as the engine does, again after each "not yet", until it is done.</summary>
    public async Task DoneAsync<TStep>(IStepHandler<TStep> handler, TStep step, StepContext context)
        where TStep : Step
    {
        var clock = TimeProvider.System;
        var started = context with { StartedAt = clock.GetUtcNow(), Now = clock.GetUtcNow() };
        var outcome = await handler.RunAsync(step, started, Cancelled);
        while (outcome is StepOutcome.NotYet later)
        {
            await Task.Delay(later.RetryAfter, clock, Cancelled);
            outcome = await handler.RunAsync(step, started with { Now = clock.GetUtcNow() }, Cancelled);
        }

        TestContext.Current.SendDiagnosticMessage($"{step.Kind}: {outcome.Summary}");
        Assert.IsType<StepOutcome.Done>(outcome);
    }

    /// <summary>The status of the log-in page, asked as a customer does.</summary>
    public async Task<int> VisitAsync()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_home.Options.Port}/web/login");
        request.Headers.Host = "oslo.example";
        using var answer = await client.SendAsync(request, Cancelled);
        return (int)answer.StatusCode;
    }

    public WarmHandler Warm => new(Layout, Runtime, _http, TimeProvider.System);

    private async Task BuildReleasesAsync()
    {
        var odoo = (await Repository.EngAsync("where", "odoo"))[0];
        var addons = Path.Combine(Layout.Home, "addons");
        await PostgresTools.RunAsync("cp", "-r", Repository.At("samples", "addons", "2026.11.1"), addons);
        var builder = await RealReleases.BuilderAsync(Layout.Bundles);
        First = Build("2026.11.1");
        await File.WriteAllTextAsync(
            Path.Combine(addons, "shop_suite", "NEWS.txt"),
            "Nothing but this file.",
            Cancelled
        );
        Second = Build("2026.11.1a");

        ReleaseRef Build(string name)
        {
            var built = builder.Build(new(name, odoo, [addons], ReleaseNotes.None), _ => { }, Cancelled);
            return Assert.IsType<BuildResult.Built>(built).Release.Ref;
        }
    }

    private async Task MakeShopAsync()
    {
        var files = (await Repository.EngAsync("template"))
            .Select(line => line.Split('=', 2))
            .ToImmutableDictionary(pair => pair[0], pair => pair[1]);
        var provisioning = new TenantProvisioning(Layout.Cluster);
        await provisioning.CreateEmptyAsync(Template, Cancelled);
        await PostgresTools.RunAsync(
            PostgresTools.Binary("pg_restore"),
            $"--host={Layout.PostgresSocket}",
            $"--username={DatabaseNames.SiteRole}",
            $"--dbname={Template}",
            $"--role={DatabaseNames.Owner(Template)}",
            "--no-owner",
            "--no-acl",
            "--exit-on-error",
            "--jobs=2",
            files["dump"]
        );
        await provisioning.CreateFromTemplateAsync(Database, Template, Cancelled);
        var context = Claim(MovingShop.NewUpgrade());
        var ports = await Runtime.EnsureAsync(new(Pool, First.Digest, 2, []), Cancelled);
        await provisioning.GiveAsync(Database, DatabaseNames.Generation(Pool, First.Digest), Cancelled);
        (await Runtime.ListsAsync(Pool, First.Digest, Cancelled)).Set(context.Target, Service.Full, 0);
        await Gateway.RouteAsync(
            Tenant,
            new RouteChange(
                0,
                context.Target.Hosts,
                Database,
                TenantRouting.NameOf(Pool, First.Digest),
                ports.Http,
                ports.Evented
            ),
            Cancelled
        );
    }
}
