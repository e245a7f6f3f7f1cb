using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Checkpoints;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Measurements;
using Tidegate.ControlPlane.Parity;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.IntegrationTests.Cli;

/// <summary>A site that does what a test says: every database is seen, every step succeeds, unless told otherwise.</summary>
internal sealed class SiteScript
    : ITenantObserver,
        ITenantPlacement,
        IReleaseContents,
        ISiteBundles,
        IUpgradeLease,
        ISiteCheckpoints,
        ISiteFactsReader,
        IParityReader,
        IHostProbe,
        ILiveState
{
    private readonly ConcurrentDictionary<(string Tenant, string Step), Pause> _pauses = [];
    private readonly ConcurrentDictionary<(string Tenant, string Step), StepOutcome> _once = [];

    // One instant for all: what is as old as the other is listed by name.
    private DateTimeOffset? _keptSince;

    /// <summary>What is kept; <see cref="DropAsync"/> takes from it.</summary>
    public ConcurrentDictionary<UpgradeId, KeptCheckpoint> Checkpoints { get; } = [];

    /// <summary>The tenants' ways back.</summary>
    public ScriptedRestores Restores { get; } = new();

    /// <summary>What becomes of copies for staging tenants.</summary>
    public ScriptedStaging Staging { get; } = new();

    /// <summary>What every database has installed.</summary>
    public ImmutableSortedDictionary<string, string> Installed { get; set; } =
        ImmutableSortedDictionary<string, string>.Empty.Add("base", "19.0.1.0").Add("shop_promo", "19.0.1.0");

    /// <summary>Installed modules that no release brings.</summary>
    public ImmutableArray<string> Missing { get; set; } = [];

    /// <summary>What stands in the way of a checkpoint's removal, or null.</summary>
    public string? Obstacle { get; set; }

    /// <summary>The releases in its store: 2026.11.1 to 2026.11.3.</summary>
    public ImmutableArray<ReleaseDigest> Bundles { get; set; } =
    [.. "123".Select(digit => ReleaseDigest.Create($"sha256:{new string(digit, 64)}"))];

    /// <summary>What its machine and cluster offer; null when they do not answer.</summary>
    public SiteFacts? Facts { get; set; }

    /// <summary>What a check sees of it.</summary>
    public LiveSite Live { get; set; } =
        new(
            new Reading<LiveCluster>.Unknown("the site's PostgreSQL does not answer: it is scripted."),
            new Reading<ImmutableDictionary<TenantName, LiveRoute>>.Unknown(
                "the gateway does not answer: it is scripted."
            ),
            new Reading<ImmutableArray<LiveGeneration>>.Unknown("its processes cannot be read: they are scripted.")
        );

    /// <summary>Why no database of it can be read, or null.</summary>
    public string? Unreadable { get; set; }

    /// <summary>Tenants that it was asked to look at, and to serve.</summary>
    public ConcurrentBag<string> Observed { get; } = [];

    public ConcurrentBag<string> Placed { get; } = [];

    public StepHandlers Handlers { get; }

    /// <summary>What its disk offers; null when its PostgreSQL does not answer.</summary>
    public HostProbe? Disk { get; set; }

    public long Free { get; set; } = 1L << 40;

    public Task<HostProbe?> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Disk);

    public long FreeBytes() => Free;

    public Task<SiteFacts?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Facts);

    public Task<TenantParity> ReadAsync(FleetMember member, CancellationToken cancellationToken)
    {
        var none = ImmutableSortedDictionary<string, string>.Empty;
        return Task.FromResult(
            new TenantParity(
                member.Tenant.Name,
                member.Release,
                member.Tenant.TimeZone,
                "19.0",
                "abc",
                none.Add("base", ModuleState.AsReleased),
                none,
                new("15.14", none, "UTF8", "C.UTF-8", "C.UTF-8", "UTC", ["en_US"], DataAsOf: null)
            )
        );
    }

    public SiteScript()
    {
        var builder = new StepHandlers.Builder();
        foreach (var step in StepKinds.Types)
        {
            typeof(SiteScript)
                .GetMethod(nameof(Add), BindingFlags.NonPublic | BindingFlags.Instance)!
                .MakeGenericMethod(step)
                .Invoke(this, [builder]);
        }

        Handlers = builder.Build();
    }

    /// <summary>The tenant's step waits until it is let go, or its lease is lost.</summary>
    public Pause PauseAt(string tenant, string step) => _pauses[(tenant, step)] = new Pause();

    /// <summary>The tenant's step ends like this the next time.</summary>
    public void AnswerOnce(string tenant, string step, StepOutcome outcome) => _once[(tenant, step)] = outcome;

    public Task<TenantObservation> ObserveAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        Observed.Add(tenant.Name.Value);
        return Task.FromResult<TenantObservation>(
            Unreadable is { } reason
                ? new TenantObservation.Unreadable(reason)
                : new TenantObservation.Seen(50 << 20, Installed, Checksums: null, ["en_US"])
        );
    }

    public Task<LiveSite> ReadAsync(IReadOnlyCollection<string> databases, CancellationToken cancellationToken) =>
        Task.FromResult(Live);

    public Task<ImmutableArray<UnplacedTenant>> PlaceAsync(
        IReadOnlyList<FleetMember> members,
        CancellationToken cancellationToken
    )
    {
        foreach (var member in members)
        {
            Placed.Add(member.Tenant.Name.Value);
        }

        return Task.FromResult<ImmutableArray<UnplacedTenant>>([]);
    }

    public bool Has(ReleaseDigest digest) => Bundles.Contains(digest) || Store?.Find(digest) is not null;

    public IReadOnlyCollection<ReleaseDigest> Held() => Bundles;

    /// <summary>Real bundles beside the scripted ones.</summary>
    public BundleStore? Store { get; set; }

    public BundleManifest? Find(ReleaseDigest digest) => Store?.Find(digest) ?? Invented(digest);

    public ReleaseManifest? FindBuilt(string name) => Store?.FindRelease(name);

    public ReleasePlace? PlaceOf(ReleaseDigest digest) => Store?.PlaceOf(digest);

    public ImmutableArray<string> ModulesToUpdate(
        ReleaseDigest from,
        ReleaseDigest to,
        TenantObservation.Seen tenant
    ) => ["shop_promo"];

    public ImmutableArray<string> MissingModules(ReleaseDigest to, TenantObservation.Seen tenant) => Missing;

    public Task RenewAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<KeptCheckpoint>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<KeptCheckpoint>>([
            .. Checkpoints.Values.OrderBy(checkpoint => checkpoint.Tenant.Value, StringComparer.Ordinal),
        ]);

    public Task<string?> DropAsync(KeptCheckpoint checkpoint, long epoch, CancellationToken cancellationToken)
    {
        if (Obstacle is null)
        {
            Checkpoints.TryRemove(checkpoint.Upgrade, out _);
        }

        return Task.FromResult(Obstacle);
    }

    private static BundleManifest Invented(ReleaseDigest digest) =>
        new(
            BundleManifest.CurrentSchema,
            digest,
            new OdooCore("19.0", "19.0", "core", "core/odoo-bin", ["core/addons", "addons"]),
            Files: 2,
            Bytes: 100,
            [
                new ReleaseModule("base", "core/odoo/addons/base", "19.0.1.3", [], null, true, new string('0', 40))
                {
                    Licence = "LGPL-3",
                    Migrations = [],
                    Python = [],
                },
            ],
            ImmutableSortedDictionary<string, string>.Empty
        );

    private void Add<TStep>(StepHandlers.Builder builder)
        where TStep : Step => builder.Add(new Scripted<TStep>(this));

    private async Task<StepOutcome> RunAsync(Step step, StepContext context, CancellationToken cancellationToken)
    {
        var at = (context.Target.Tenant.Value, step.Kind);
        if (_pauses.TryGetValue(at, out var pause))
        {
            await pause.WaitAsync(cancellationToken);
        }

        if (step is Swap)
        {
            Checkpoints[context.Upgrade] = new KeptCheckpoint(
                context.Upgrade,
                context.Target.Tenant,
                context.Target.Database,
                $"{context.Target.Database}__old",
                50 << 20,
                _keptSince ??= context.Now
            );
        }

        return _once.TryRemove(at, out var outcome) ? outcome : new StepOutcome.Done($"{step.Kind} is done");
    }

    private sealed class Scripted<TStep>(SiteScript script) : IStepHandler<TStep>
        where TStep : Step
    {
        public Task<StepOutcome> RunAsync(TStep step, StepContext context, CancellationToken cancellationToken) =>
            script.RunAsync(step, context, cancellationToken);
    }
}

/// <summary>A step that waits.</summary>
internal sealed class Pause
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The step was begun.</summary>
    public Task Reached =>
        _reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);

    public void Release() => _released.SetResult();

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        await _released.Task.WaitAsync(cancellationToken);
    }
}
