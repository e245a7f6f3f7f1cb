using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Ledger;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Ledger;

/// <summary>Posts each checkpoint to an address. Goes nowhere else: no redirect is followed, no proxy asked, no address reached that is nobody's.</summary>
/// <param name="secret">Names the secret that is sent as bearer token; null for none.</param>
/// <param name="trust">Whom it believes to be who they say; null for whom this machine does.</param>
internal sealed class CheckpointWebhook(
    Uri address,
    string? secret,
    HomeSecrets secrets,
    TimeProvider clock,
    X509ChainPolicy? trust = null
) : ICheckpointWitness, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // a name may move
            ConnectCallback = ConnectAsync,
            SslOptions = new() { CertificateChainPolicy = trust },
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = 64 * 1024,
    };

    /// <summary>Without its path, which may be what only the two of them know.</summary>
    public string Where => $"{address.Scheme}://{address.Authority}";

    /// <inheritdoc />
    public Task KeepAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken) =>
        Refusable.AsIoAsync(token => PostAsync(checkpoint, token), Patience, clock, cancellationToken);

    /// <summary>It only takes.</summary>
    public IAsyncEnumerable<KeptCheckpoint> KeptAsync(long beyond, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<KeptCheckpoint>();

    public void Dispose() => _http.Dispose();

    private async Task PostAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(CheckpointFile.Line(checkpoint) + "\n", Encoding.UTF8, "application/json"),
        };
        if (secret is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer",
                await secrets.FindAsync(secret, cancellationToken)
                    ?? throw new IOException($"the home's secrets have no {secret}")
            );
        }

        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if ((int)answer.StatusCode is >= 300 and < 400)
        {
            throw new IOException($"it answered {(int)answer.StatusCode}: redirects are not followed");
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw new IOException($"it answered {(int)answer.StatusCode}");
        }
    }

    /// <summary>To the first of the name's addresses that takes us; what was looked at is what is connected to.</summary>
    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var target = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        if (Array.Exists(addresses, OutgoingHost.IsNobodys))
        {
            throw new IOException($"{target.Host} is an address that belongs to no service");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
