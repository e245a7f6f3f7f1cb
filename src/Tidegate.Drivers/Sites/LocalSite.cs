using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Sites;

/// <summary>A whole site on this machine, in one home folder: starts it, ends it, says how it is.</summary>
public sealed class LocalSite
{
    private static readonly TimeSpan PostgresBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RoleBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OdooBound = TimeSpan.FromSeconds(30);

    private readonly SiteLayout _layout;
    private readonly ProcessLauncher _launcher;
    private readonly SiteServices _services;

    public LocalSite(SiteLayout layout, TimeProvider clock)
    {
        _layout = layout;
        _launcher = new ProcessLauncher(layout.Home, layout.Run, clock);
        _services = new SiteServices(layout, _launcher, clock);
    }

    /// <summary>
    /// Makes the site run; returns when PostgreSQL, gateway and control plane answer. What runs already stays as it
    /// is, what was left half-started is finished. The control plane starts the generations that are wanted.
    /// </summary>
    /// <returns>Null, or why nothing was done.</returns>
    /// <exception cref="ProcessStartException">Something did not come up; what did stays, and calling again goes on from there.</exception>
    public async Task<SiteRefusal?> UpAsync(SiteOptions options, CancellationToken cancellationToken)
    {
        if (SitePreconditions.Check(_layout, options, _launcher.Find(SiteProcesses.Gateway) is not null) is { } refusal)
        {
            return refusal;
        }

        await StartPostgresAsync(options, cancellationToken);
        await _services.StartGatewayAsync(options, cancellationToken);
        await _services.StartControlPlaneAsync(cancellationToken);
        return null;
    }

    /// <summary>Makes PostgreSQL alone run, with the control plane's database in it, for whoever fills that before anything else starts.</summary>
    /// <returns>Null, or why nothing was done.</returns>
    /// <exception cref="ProcessStartException">It did not come up.</exception>
    public async Task<SiteRefusal?> UpForRestoreAsync(SiteOptions options, CancellationToken cancellationToken)
    {
        if (_launcher.Find(SiteProcesses.ControlPlane) is not null)
        {
            return new($"the control plane of {_layout.Home} runs.", "a restore goes into a home that has none.");
        }

        if (SitePreconditions.Check(_layout, options, _launcher.Find(SiteProcesses.Gateway) is not null) is { } refusal)
        {
            return refusal;
        }

        await StartPostgresAsync(options, cancellationToken);
        await SiteDatabase.PrepareAsync(_layout.Cluster, cancellationToken);
        await SiteDatabase.PrepareControlAsync(_layout.Cluster, cancellationToken);
        return null;
    }

    /// <summary>The part of <see cref="UpAsync"/> that everything else stands on.</summary>
    internal async Task StartPostgresAsync(SiteOptions options, CancellationToken cancellationToken)
    {
        MakeFolders();
        options.Write(_layout);
        AtomicFile.TryCreate(_layout.UpFile, "");
        var user = await OsUser.EnsureAsync(OsUser.Postgres, cancellationToken);
        await new PostgresServer(_layout, options, user).PrepareAsync(cancellationToken);
        await _services.StartPostgresAsync(options, cancellationToken);
    }

    /// <summary>Ends every process of the site, whoever started it and whether anybody remembers it. What it stores stays.</summary>
    /// <returns>Names of what was ended.</returns>
    public async Task<IReadOnlyList<string>> DownAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_layout.Run))
        {
            return [];
        }

        File.Delete(_layout.UpFile); // first: from here on nobody starts anything again
        var ended = _launcher.Names().Order(StringComparer.Ordinal).ToList();
        await _launcher.StopAsync(SiteProcesses.ControlPlane, StopManner.Gently(RoleBound), cancellationToken);
        await _launcher.StopAsync(SiteProcesses.Gateway, StopManner.Gently(RoleBound), cancellationToken);
        await StopAllAsync(
            _launcher.Names().Where(name => !IsPostgres(name)),
            StopManner.Gently(OdooBound),
            cancellationToken
        );
        await _launcher.StopAsync(SiteProcesses.Postgres, StopManner.Fast(PostgresBound), cancellationToken);
        await StopAllAsync(_launcher.Names(), StopManner.AtOnce, cancellationToken);
        return ended;
    }

    /// <summary>How the site is now. Reads only.</summary>
    public SiteStatus Status()
    {
        var isUp = File.Exists(_layout.UpFile);
        var wanted = isUp ? Wanted().ToHashSet(StringComparer.Ordinal) : [];
        var running = Directory.Exists(_layout.Run) ? _launcher.Names() : new HashSet<string>(StringComparer.Ordinal);
        var processes = wanted
            .Union(running, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(name => Describe(name, wanted.Contains(name)))
            .ToList();
        var state = isUp
            ? processes.TrueForAll(process => process.Pid is not null)
                ? "up"
                : "degraded"
            : processes.Count == 0
                ? "down"
                : "stopping";
        var options = SiteOptions.Read(_layout);
        var address = options is null ? null : FormattableString.Invariant($"http://127.0.0.1:{options.Port}");
        var control = options is null ? null : options.Control ?? _layout.Home;
        return new(_layout.Home, state, address, $"unix:{_layout.ServerSocket}", processes, options?.Name, control);
    }

    private static bool IsPostgres(string name) =>
        string.Equals(name, SiteProcesses.Postgres, StringComparison.Ordinal);

    private IEnumerable<string> Wanted() =>
        GenerationFolder
            .AllWanted(_layout)
            .SelectMany(folder => folder.Processes)
            .Concat([SiteProcesses.Postgres, SiteProcesses.Gateway, SiteProcesses.ControlPlane]);

    private SiteProcessStatus Describe(string name, bool wanted)
    {
        var process = _launcher.Find(name);
        var generation = GenerationFolder
            .AllWanted(_layout)
            .FirstOrDefault(folder => folder.Processes.Contains(name, StringComparer.Ordinal));
        var ports = process is not null && name == generation?.WebProcess ? OdooCommand.PortsOf(process) : null;
        return new(
            name,
            wanted,
            process?.Pid,
            process?.StartedAt,
            ports is null ? null : FormattableString.Invariant($"http {ports.Http}, evented {ports.Evented}"),
            LogOf(name, generation)
        );
    }

    private string? LogOf(string name, GenerationFolder? generation) =>
        name switch
        {
            SiteProcesses.Postgres => _layout.PostgresLog,
            SiteProcesses.Gateway => _layout.GatewayLog,
            SiteProcesses.ControlPlane => _layout.ServerLog,
            _ => generation?.Log(name),
        };

    private void MakeFolders()
    {
        Folder.Passage(_layout.Home);
        Folder.Private(_layout.Run);
        Folder.Private(_layout.Secrets);
        Folder.Private(_layout.GatewayFolder);
        Folder.Private(_layout.GatewayLog);
        Folder.Private(_layout.ServerFolder);
        Folder.Private(_layout.ServerLog);
        Folder.Passage(_layout.Evidence);
        Folder.Private(_layout.Checkpoints);
        Folder.Passage(_layout.Pools);
        Folder.Readable(_layout.Bundles);
        Folder.Readable(_layout.Bridge);
    }

    private Task StopAllAsync(IEnumerable<string> names, StopManner manner, CancellationToken cancellationToken) =>
        Task.WhenAll(names.ToList().Select(name => _launcher.StopAsync(name, manner, cancellationToken)));
}
