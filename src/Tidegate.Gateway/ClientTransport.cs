using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Tidegate.Gateway;

/// <summary>Takes users' connections: so many wait with a buffer in hand (<see cref="GatewayOptions.BufferedConnections"/>), those beyond without one.</summary>
internal sealed class ClientTransport(
    GatewayOptions gateway,
    IOptionsFactory<SocketTransportOptions> options,
    ILoggerFactory logs
) : IConnectionListenerFactory
{
    /// <exception cref="AddressInUseException">Somebody else listens there.</exception>
    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint,
        CancellationToken cancellationToken = default
    )
    {
        Socket? shared = null;
        var buffered = await BindAsync(waitsForData: false);
        return new Listener(buffered, await BindAsync(waitsForData: true), gateway.BufferedConnections);

        ValueTask<IConnectionListener> BindAsync(bool waitsForData)
        {
            var own = options.Create(Options.DefaultName);
            own.WaitForDataBeforeAllocatingBuffer = waitsForData;
            own.CreateBoundListenSocket = address =>
                shared ??= SocketTransportOptions.CreateDefaultBoundListenSocket(address);
            return new SocketTransportFactory(Options.Create(own), logs).BindAsync(endpoint, cancellationToken);
        }
    }

    /// <summary>Two listeners on one socket: who is asked next decides how the next connection waits.</summary>
    private sealed class Listener(IConnectionListener buffered, IConnectionListener bare, int mostBuffered)
        : IConnectionListener
    {
        private int open;

        public EndPoint EndPoint => buffered.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            if (Volatile.Read(ref open) >= mostBuffered)
            {
                return await bare.AcceptAsync(cancellationToken);
            }

            var connection = await buffered.AcceptAsync(cancellationToken);
            if (connection is not null)
            {
                Interlocked.Increment(ref open);
                connection.ConnectionClosed.UnsafeRegister(
                    static listener => Interlocked.Decrement(ref ((Listener)listener!).open),
                    this
                );
            }

            return connection;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await buffered.UnbindAsync(cancellationToken);
            await bare.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await buffered.DisposeAsync();
            await bare.DisposeAsync();
        }
    }
}
