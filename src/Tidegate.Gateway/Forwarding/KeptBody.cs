using System.Buffers;
using Microsoft.AspNetCore.Http;
using Tidegate.Gateway.Holding;

namespace Tidegate.Gateway.Forwarding;

/// <summary>Takes in a held request's body while it waits, within the tenant's bound.</summary>
/// <remarks>
/// Unread, a body hides the end of its connection behind it: a client that has given up would look as if it still
/// waited, and its order would be sent beside the one of its retry.
/// </remarks>
internal sealed class KeptBody(HttpRequest request, TenantGate gate, HeldRequest held)
{
    private readonly ArrayBufferWriter<byte> kept = new();
    private readonly Stream rest = request.Body;
    private bool hasEnded;

    /// <summary>Reads until the body ends, the wait is over or the bound is reached. A client that breaks off leaves the queue.</summary>
    public async Task ReadAsync()
    {
        try
        {
            while (await ReadMoreAsync()) { }
        }
        catch (BadHttpRequestException)
        {
            gate.GiveUp(held);
            throw; // the server answers it: too large, cut off
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            gate.GiveUp(held); // the connection ended inside the body
        }
    }

    /// <summary>The wait is over: what has been read goes before what is still to come.</summary>
    public void HandOn()
    {
        request.Body = new PrefixedBody(kept.WrittenMemory, hasEnded ? Stream.Null : rest);
    }

    /// <summary>Makes <see cref="ReadAsync"/> end soon. A reader that is told so once must see it once: so the loop ends by it alone.</summary>
    public void Stop() => request.BodyReader.CancelPendingRead();

    private async Task<bool> ReadMoreAsync()
    {
        var reader = request.BodyReader;
        var result = await reader.ReadAsync(CancellationToken.None); // ended by Stop, or by the connection
        var length = result.Buffer.Length;
        BodyReading.Append(kept, result.Buffer);
        reader.AdvanceTo(result.Buffer.End);
        hasEnded = result.IsCompleted;
        return gate.TryKeep(held, length) && !result.IsCompleted && !result.IsCanceled;
    }
}
