namespace Tidegate.Gateway.WebSockets;

/// <summary>Follows RFC 6455 frames through a stream of bytes, to know where one ends and another may be put in.</summary>
internal sealed class FrameTracker
{
    private const int SmallestHeader = 2;

    private int headerLength;
    private int headerSeen;
    private int lengthEnds;
    private ulong length;
    private ulong payloadLeft;

    /// <summary>True between frames.</summary>
    public bool IsAtBoundary => headerSeen == 0 && payloadLeft == 0;

    /// <summary>Takes bytes up to the next boundary, or all; says how many.</summary>
    public int Follow(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (payloadLeft > 0)
            {
                var part = (int)Math.Min(payloadLeft, (ulong)(bytes.Length - at));
                payloadLeft -= (ulong)part;
                at += part;
            }
            else
            {
                ReadHeader(bytes[at++]);
            }

            if (IsAtBoundary)
            {
                break;
            }
        }

        return at;
    }

    private void ReadHeader(byte next)
    {
        headerSeen++;
        if (headerSeen == 1)
        {
            (headerLength, length) = (SmallestHeader, 0);
        }
        else if (headerSeen == SmallestHeader)
        {
            var size = next & 0x7F;
            var extended = size switch
            {
                127 => 8,
                126 => 2,
                _ => 0,
            };
            length = extended == 0 ? (ulong)size : 0;
            headerLength += extended + ((next & 0x80) != 0 ? 4 : 0);
            lengthEnds = SmallestHeader + extended;
        }
        else if (headerSeen <= lengthEnds)
        {
            length = (length << 8) | next;
        }

        if (headerSeen >= SmallestHeader && headerSeen == headerLength)
        {
            (headerSeen, payloadLeft) = (0, length);
        }
    }
}
