using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Accounts;
using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.ControlPlane.Checkpoints;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.ControlBackups;
using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Emergencies;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Ledger;
using Tidegate.ControlPlane.LedgerRetention;
using Tidegate.ControlPlane.Measurements;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Observations;
using Tidegate.ControlPlane.Parity;
using Tidegate.ControlPlane.Placement;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion;
using Tidegate.ControlPlane.Protection;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.ControlPlane.Why;
using Tidegate.Drivers;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Server.Roles;

/// <summary>The control plane's process: API on a unix socket that only its owner may open, and the rollout engine.</summary>
internal static class ServerRole
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="sites">The sites that it serves; null for the home's own.</param>
    public static async Task<int> RunAsync(
        SiteLayout layout,
        ImmutableArray<SiteName>? sites,
        TimeSpan lease,
        DriftOptions drift,
        CancellationToken cancellationToken
    )
    {
        var options = SiteOptions.Read(layout);
        var home = options?.Control is { } control ? new SiteLayout(control) : layout;
        ControlDatabase.Upgrade(ControlConnection(home, DatabaseNames.ControlRole), DatabaseNames.ServerRole);
        var connection = ControlConnection(home, DatabaseNames.ServerRole);
        var served = new ServedSites(
            sites ?? [new SiteName(options?.Name ?? SiteOptions.DefaultName)],
            EngineOwner.Mine,
            lease
        );

        File.Delete(OwnSocket(layout)); // of a process that had our number and was killed
        await using var application = Build(layout, connection, served, services => services.AddDrivers(layout), drift);
        await PrepareAsync(
            application.Services,
            await SiteDatabase.IdentityAsync(layout.Cluster, cancellationToken),
            cancellationToken
        );
        await application.StartAsync(cancellationToken);
        File.SetUnixFileMode(OwnSocket(layout), OwnerOnly);
        File.Move(OwnSocket(layout), layout.ServerSocket, overwrite: true);
        await application.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static string ControlConnection(SiteLayout control, string role) =>
        new NpgsqlConnectionStringBuilder(control.Cluster.ConnectionString(DatabaseNames.ControlDatabase, role))
        {
            Pooling = true,
        }.ConnectionString;

    /// <summary>The sites are ours by now, and what a dead predecessor of ours had claimed is free.</summary>
    /// <param name="cluster">What tells this home's PostgreSQL from every other.</param>
    /// <exception cref="ProblemException">A site is another home's.</exception>
    internal static async Task PrepareAsync(
        IServiceProvider services,
        string cluster,
        CancellationToken cancellationToken
    )
    {
        var served = services.GetRequiredService<ServedSites>();
        if (
            await services.GetRequiredService<SiteStore>().RegisterAsync(served.Names, cluster, cancellationToken) is
            { } refusal
        )
        {
            throw new ProblemException(new ApiProblem(ProblemCodes.Conflict, refusal));
        }

        await services.GetRequiredService<SiteHeartbeat>().BeatAsync(cancellationToken);
        await services
            .GetRequiredService<RolloutStore>()
            .EndLeasesAsync(served.Values, EngineOwner.IsDead, cancellationToken);
        await services
            .GetRequiredService<SiteRequestStore>()
            .EndLeasesAsync(served, EngineOwner.IsDead, cancellationToken);
        await services.GetRequiredService<JobStore>().EndLeasesAsync(served, EngineOwner.IsDead, cancellationToken);
        await services.GetRequiredService<SourceStore>().EndLeaseAsync(EngineOwner.IsDead, cancellationToken);
    }

    /// <summary>Everything composed and mapped; nothing runs yet and nothing was connected to.</summary>
    /// <param name="drivers">Adds what touches the outside.</param>
    /// <param name="drift">Null for the defaults.</param>
    internal static WebApplication Build(
        SiteLayout layout,
        string connection,
        ServedSites served,
        Action<IServiceCollection> drivers,
        DriftOptions? drift = null
    )
    {
        // Not the home: .NET watches all of the content root for changes of a settings file, and each release that is
        // built below the home would be some hundred thousand of them.
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(OwnSocket(layout)));
        builder.WebHost.UseSetting(WebHostDefaults.PreventHostingStartupKey, "true");
        builder
            .Logging.ClearProviders()
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.UseUtcTimestamp = true;
            });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = ApiJson.Options.DefaultIgnoreCondition;
            json.SerializerOptions.UnmappedMemberHandling = ApiJson.Options.UnmappedMemberHandling;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.Converters.Add(new PlainTextConverter());
        });
        builder.Services.AddApiDescription();
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(ControlDatabase.Open(connection));
        builder
            .Services.AddAccounts(Peer.Own)
            .AddSites(served)
            .AddFleet()
            .AddObservations(new ObservationOptions())
            .AddPlacement()
            .AddCheckpoints()
            .AddCopies()
            .AddMeasurements()
            .AddJobs()
            .AddRestores()
            .AddBackups()
            .AddTenantBackups()
            .AddRefreshes()
            .AddControlBackups()
            .AddLedgerRetention()
            .AddRehearsals()
            .AddBlockers()
            .AddLedger(new(served.Values[0]))
            .AddDrift(drift ?? new DriftOptions())
            .AddPolicy()
            .AddObjectives()
            .AddCalendars()
            .AddDrills()
            .AddProtection()
            .AddCapabilities(new(served.Owner, served.Values[0]))
            .AddConfiguration()
            .AddParity()
            .AddFollowing(new(served.Owner, served.Lease))
            .AddPromotion()
            .AddApprovals()
            .AddWhy()
            .AddEmergencies()
            .AddCatalog(layout.Bundles, new CatalogOptions(layout.Facts))
            .AddRollouts(
                new EngineOptions
                {
                    Owner = served.Owner,
                    Lease = served.Lease,
                    Sites = served.Values,
                }
            );
        drivers(builder.Services);

        var application = builder.Build();
        application.UseExceptionHandler(errors => errors.Run(ApiErrors.AnswerAsync));
        application.Use(ReadableRequests.CheckAsync);
        application.Use(AccessGuard.AuthenticateAsync);
        application.MapApi();
        return application;
    }

    /// <summary>
    /// Where this process listens until it can answer; then the socket is moved to where clients look. A listener that
    /// ends removes the name it was made under, and the public one may be its successor's by then.
    /// </summary>
    internal static string OwnSocket(SiteLayout layout) =>
        string.Create(CultureInfo.InvariantCulture, $"{layout.ServerSocket}.{Environment.ProcessId}");
}
