using System.Net;
using Microsoft.AspNetCore.Http;
using Tidegate.Gateway.Forwarding;

namespace Tidegate.Gateway.Metering;

/// <summary>Looks at the first bytes of a JSON-RPC answer on its way through, to find the errors that Odoo sends with HTTP 200.</summary>
/// <remarks>
/// Odoo writes <c>jsonrpc</c>, <c>id</c>, then <c>error</c> with <c>code</c>, <c>message</c> and <c>data.name</c> first, so
/// the first <see cref="Longest"/> bytes tell. Nothing is kept back: bytes are copied aside and passed on.
/// </remarks>
internal sealed class RpcErrorPeek(Stream client, RouteMeter meter) : AsyncStream
{
    public const int Longest = 1024;

    private byte[]? start = new byte[Longest];
    private int length;

    public override bool CanWrite => true;

    public static bool IsAnswer(HttpRequest request, HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.OK
        && HttpMethods.IsPost(request.Method)
        && request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true
        && response.Content.Headers.ContentType?.MediaType == "application/json"
        && response.Content.Headers.ContentEncoding.Count == 0;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (start is not null)
        {
            Look(buffer.Span);
        }

        return client.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => client.FlushAsync(cancellationToken);

    private void Look(ReadOnlySpan<byte> bytes)
    {
        var taken = bytes[..Math.Min(bytes.Length, Longest - length)];
        taken.CopyTo(start.AsSpan(length));
        length += taken.Length;

        var (finding, kind) = RpcErrorReader.Read(start.AsSpan(0, length));
        if (finding == RpcErrorReader.Finding.SomeError && length == Longest)
        {
            (finding, kind) = (RpcErrorReader.Finding.Error, RpcErrorClass.Server);
        }

        if (finding == RpcErrorReader.Finding.Error)
        {
            meter.RpcFailed(kind);
        }

        if (finding is RpcErrorReader.Finding.Error or RpcErrorReader.Finding.NoError || length == Longest)
        {
            start = null;
        }
    }
}
