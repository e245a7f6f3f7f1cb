namespace Tidegate.Gateway.Forwarding;

/// <summary>A body whose beginning has been read already: that first, then the rest as it comes.</summary>
internal sealed class PrefixedBody(ReadOnlyMemory<byte> beginning, Stream rest) : AsyncStream
{
    private ReadOnlyMemory<byte> left = beginning;

    public override bool CanRead => true;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (left.IsEmpty)
        {
            return rest.ReadAsync(buffer, cancellationToken);
        }

        var count = Math.Min(buffer.Length, left.Length);
        left[..count].CopyTo(buffer);
        left = left[count..];
        return ValueTask.FromResult(count);
    }
}
