using System.Net;
using Microsoft.AspNetCore.Http;

namespace Tidegate.Gateway.Metering;

/// <summary>Looks at the first bytes of a JSON-RPC answer on its way through, to find the errors that Odoo sends with HTTP 200.</summary>
/// <remarks>
/// Odoo writes <c>jsonrpc</c>, <c>id</c>, then <c>error</c> with <c>code</c>, <c>message</c> and <c>data.name</c> first, so
/// the first <see cref="Longest"/> bytes tell. Nothing is kept back: bytes are copied aside and passed on.
/// </remarks>
internal sealed class RpcErrorPeek(Stream client, RouteMeter meter) : Stream
{
    public const int Longest = 1024;

    private byte[]? start = new byte[Longest];
    private int length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => client.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("The request path never blocks.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("The request path never blocks.");

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
