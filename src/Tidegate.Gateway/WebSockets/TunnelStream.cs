using Tidegate.Gateway.Forwarding;

namespace Tidegate.Gateway.WebSockets;

/// <summary>The client's side of a tunnel: passes bytes, and can say good-bye between two frames.</summary>
internal sealed class TunnelStream(Stream client) : AsyncStream
{
    /// <summary>Close, 1012 "service restart": the browser's Odoo reconnects by itself.</summary>
    private static readonly byte[] ServiceRestart = [0x88, 0x02, 0x03, 0xF4];

    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly CancellationTokenSource over = new();
    private readonly FrameTracker frames = new();
    private volatile bool isClosing;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    /// <summary>Sends the close frame at the next boundary, at once if there is one, and ends the tunnel. A frame that does not end within 2 s is cut.</summary>
    public async Task CloseAsync()
    {
        if (isClosing)
        {
            return;
        }

        isClosing = true;
        try
        {
            over.CancelAfter(TimeSpan.FromSeconds(2));
            await writing.WaitAsync(over.Token);
            try
            {
                await CloseAtBoundaryAsync(over.Token);
            }
            finally
            {
                writing.Release();
            }
        }
        catch (IOException)
        {
            // the client has gone by itself
        }
        catch (OperationCanceledException)
        {
            // a frame did not end, or the client does not read: the tunnel is cut
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        return await client.ReadAsync(buffer, either.Token);
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            while (!buffer.IsEmpty)
            {
                await CloseAtBoundaryAsync(cancellationToken);
                over.Token.ThrowIfCancellationRequested();
                var frame = isClosing ? frames.Follow(buffer.Span) : FollowAll(buffer.Span);
                await client.WriteAsync(buffer[..frame], cancellationToken);
                buffer = buffer[frame..];
            }

            await CloseAtBoundaryAsync(cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => client.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            over.Dispose();
            writing.Dispose();
            client.Dispose();
        }

        base.Dispose(disposing);
    }

    private int FollowAll(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            at += frames.Follow(bytes[at..]);
        }

        return at;
    }

    // Called with the write lock. What the generation sends afterwards has nobody to go to.
    private async Task CloseAtBoundaryAsync(CancellationToken cancellationToken)
    {
        if (isClosing && frames.IsAtBoundary && !over.IsCancellationRequested)
        {
            await client.WriteAsync(ServiceRestart, cancellationToken);
            await client.FlushAsync(cancellationToken);
            await over.CancelAsync();
        }
    }
}
