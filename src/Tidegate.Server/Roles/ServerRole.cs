using System.Globalization;
using Npgsql;
using Tidegate.Contracts;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Checkpoints;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Parity;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Server.Roles;

/// <summary>The control plane's process: API on a unix socket that only its owner may open, and the rollout engine.</summary>
internal static class ServerRole
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static async Task<int> RunAsync(string home, TimeSpan lease, CancellationToken cancellationToken)
    {
        var layout = new SiteLayout(home);
        var connection = new NpgsqlConnectionStringBuilder(
            layout.Cluster.ConnectionString(DatabaseNames.ControlDatabase, DatabaseNames.ControlRole)
        )
        {
            Pooling = true,
        }.ConnectionString;
        ControlDatabase.Upgrade(connection);

        File.Delete(OwnSocket(layout)); // of a process that had our number and was killed
        await using var application = Build(layout, connection, lease, services => services.AddDrivers(layout));
        await application
            .Services.GetRequiredService<RolloutStore>()
            .EndLeasesAsync(EngineOwner.IsDead, cancellationToken);
        await application.StartAsync(cancellationToken);
        File.SetUnixFileMode(OwnSocket(layout), OwnerOnly);
        File.Move(OwnSocket(layout), layout.ServerSocket, overwrite: true);
        await application.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    /// <summary>Everything composed and mapped; nothing runs yet and nothing was connected to.</summary>
    /// <param name="drivers">Adds what touches the outside.</param>
    internal static WebApplication Build(
        SiteLayout layout,
        string connection,
        TimeSpan lease,
        Action<IServiceCollection> drivers
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
        });
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(ControlDatabase.Open(connection));
        builder
            .Services.AddFleet()
            .AddCheckpoints()
            .AddBlockers()
            .AddCatalog(layout.Bundles)
            .AddCapabilities(new(EngineOwner.Mine, SiteName))
            .AddConfiguration()
            .AddParity()
            .AddRollouts(
                new EngineOptions
                {
                    Owner = EngineOwner.Mine,
                    Lease = lease,
                    Sites = [SiteName],
                }
            );
        drivers(builder.Services);

        var application = builder.Build();
        application.UseExceptionHandler(errors => errors.Run(ApiErrors.AnswerAsync));
        application.MapApi();
        return application;
    }

    /// <summary>
    /// Where this process listens until it can answer; then the socket is moved to where clients look. A listener that
    /// ends removes the name it was made under, and the public one may be its successor's by then.
    /// </summary>
    internal static string OwnSocket(SiteLayout layout) =>
        string.Create(CultureInfo.InvariantCulture, $"{layout.ServerSocket}.{Environment.ProcessId}");

    /// <summary>Until a replica is given sites (<c>--sites</c>), it serves the one it lives in.</summary>
    private const string SiteName = "local";
}
