using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tidegate.Gateway.Control;
using Tidegate.Gateway.Forwarding;
using Tidegate.Gateway.Holding;
using Tidegate.Gateway.Routing;

namespace Tidegate.Gateway;

/// <summary>The role <c>tidegate gateway</c>: users' requests on one loopback port, the control API on a unix socket.</summary>
/// <remarks>The two are servers apart, so that no control path is reachable through the users' port.</remarks>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication data;
    private readonly WebApplication control;
    private readonly TenantRegistry registry;
    private readonly Upstreams upstreams;
    private readonly StateFile state;

    private GatewayHost(GatewayOptions options, TimeProvider clock)
    {
        state = StateFile.Open(options.StateFile);
        upstreams = new Upstreams(options);
        var table = new RouteTable();
        registry = new TenantRegistry(state, table, new RouteFactory(upstreams, options, clock), clock);
        data = GatewayServers.BuildData(options, table, clock);
        control = GatewayServers.BuildControl(options, registry);
    }

    /// <summary>Where users' requests are taken, <c>http://127.0.0.1:port</c>.</summary>
    public Uri Address =>
        new(
            data.Services.GetRequiredService<IServer>()
                .Features.GetRequiredFeature<IServerAddressesFeature>()
                .Addresses.First()
        );

    /// <summary>
    /// Runs until the token is cancelled or the process is asked to end (SIGTERM, SIGINT). Exit code 0; 64 for wrong
    /// arguments, 78 when the state cannot be used, 69 when a port or socket is taken. What is wrong is written to standard error.
    /// </summary>
    /// <param name="arguments"><see cref="GatewayArguments"/>.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (GatewayArguments.Parse(arguments, out var options) is { } refusal)
        {
            await Console.Error.WriteLineAsync($"{refusal}\n{GatewayArguments.Usage}");
            return 64;
        }

        try
        {
            await using var gateway = await StartAsync(options!, TimeProvider.System, cancellationToken);
            await gateway.data.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (GatewayStartException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return exception.ExitCode;
        }
    }

    /// <summary>Starts with the state on disk. When this returns, both servers answer.</summary>
    /// <exception cref="GatewayStartException">State, socket or port cannot be used.</exception>
    public static async Task<GatewayHost> StartAsync(
        GatewayOptions options,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        // Socket completions run their continuations inline: 12–17 µs less for each request. Read once, by the first
        // socket of the process. Only here: elsewhere code that blocks would stall every socket of its process.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        var gateway = new GatewayHost(options, clock);
        try
        {
            gateway.registry.Restore();
            ControlSocket.RemoveStale(options.ControlSocket);
            await gateway.data.StartAsync(cancellationToken);
            await gateway.control.StartAsync(cancellationToken); // last: who sees it answer knows that users are served
            return gateway;
        }
        catch (IOException exception)
        {
            await gateway.DisposeAsync();
            throw new GatewayStartException(
                $"The gateway cannot listen on port {options.Port} or {options.ControlSocket}: {exception.Message}",
                GatewayStartException.Unavailable
            );
        }
        catch (GatewayStartException)
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var tenant in registry.Tenants)
        {
            var lease = new HoldLease("stopping", default, default, HoldLimits.None);
            tenant.Gate.Close(new GateMode.Maintenance(lease, "the gateway is stopping"));
        }

        await data.StopAsync(CancellationToken.None); // what is in flight is answered first, within the shutdown's own bound
        await control.StopAsync(CancellationToken.None);
        await data.DisposeAsync();
        await control.DisposeAsync();
        registry.Dispose();
        upstreams.Dispose();
        state.Dispose();
    }
}
