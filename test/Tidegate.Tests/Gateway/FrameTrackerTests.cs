using CsCheck;
using Tidegate.Gateway.WebSockets;

namespace Tidegate.Tests.Gateway;

public sealed class FrameTrackerTests
{
    [Fact]
    public void Boundaries_are_found_however_the_bytes_are_cut() =>
        Gen.Select(Gen.Int[0, 70_000].Array[1, 6], Gen.Bool, Gen.Int[1, 5_000])
            .Sample(
                (lengths, masked, cut) =>
                {
                    var tracker = new FrameTracker();
                    var bytes = lengths.SelectMany(length => Frame(length, masked)).ToArray();
                    var ends = lengths.Select(length => Frame(length, masked).Length).ToArray();
                    var found = new List<int>();

                    var since = 0;
                    for (var at = 0; at < bytes.Length; at += cut)
                    {
                        var part = bytes.AsSpan(at, Math.Min(cut, bytes.Length - at));
                        while (!part.IsEmpty)
                        {
                            var taken = tracker.Follow(part);
                            since += taken;
                            part = part[taken..];
                            if (tracker.IsAtBoundary)
                            {
                                found.Add(since);
                                since = 0;
                            }
                        }
                    }

                    return found.SequenceEqual(ends);
                }
            );

    private static byte[] Frame(int length, bool masked)
    {
        byte mask = masked ? (byte)0x80 : (byte)0;
        byte[] header = length switch
        {
            < 126 => [0x82, (byte)(length | mask)],
            <= ushort.MaxValue => [0x82, (byte)(126 | mask), (byte)(length >> 8), (byte)length],
            _ =>
            [
                0x82,
                (byte)(127 | mask),
                0,
                0,
                0,
                0,
                (byte)(length >> 24),
                (byte)(length >> 16),
                (byte)(length >> 8),
                (byte)length,
            ],
        };
        return [.. header, .. new byte[masked ? 4 : 0], .. Enumerable.Repeat((byte)0x99, length)];
    }
}
