using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Tidegate.Gateway.Forwarding;

/// <summary>Reads a body whole, up to a bound.</summary>
internal static class BodyReading
{
    /// <summary>The body; null when it is larger than <paramref name="limit"/>.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadWholeAsync(
        HttpRequest request,
        int limit,
        CancellationToken cancellationToken
    )
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        var body = new ArrayBufferWriter<byte>();
        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (body.WrittenCount + result.Buffer.Length > limit)
            {
                reader.AdvanceTo(result.Buffer.End);
                return null;
            }

            Append(body, result.Buffer);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return body.WrittenMemory;
            }
        }
    }

    public static void Append(ArrayBufferWriter<byte> body, ReadOnlySequence<byte> more)
    {
        foreach (var segment in more)
        {
            body.Write(segment.Span);
        }
    }
}
