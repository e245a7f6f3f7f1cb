using CsCheck;
using Tidegate.ControlPlane.Backups;

namespace Tidegate.Tests.Backups;

public sealed class WalSegmentTests
{
    [Theory]
    [InlineData("0/5000028", 0x5000028UL)]
    [InlineData("1A/FF", 0x1A000000FFUL)]
    public void A_place_reads_as_PostgreSQL_prints_it(string text, ulong value)
    {
        Assert.Equal(value, WalPosition.Parse(text).Value);
        Assert.Equal(text, new WalPosition(value).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0/")]
    [InlineData("0/1/2")]
    [InlineData("0/123456789")]
    [InlineData(" 0/1")]
    public void What_is_no_place_is_none(string text) => Assert.Null(WalPosition.TryParse(text));

    [Fact]
    public void Every_segment_has_a_name_of_its_own_that_reads_back() =>
        Gen.Select(Gen.UInt, Gen.ULong[0, (1UL << 40) - 1])
            .Sample(
                (timeline, number) =>
                {
                    var segment = new WalSegment(timeline, number);
                    Assert.Equal(segment, WalSegment.Parse(segment.ToString()));
                    Assert.Equal(segment, segment.Start.SegmentOn(timeline));
                    Assert.Equal(segment, segment.Next.Start.LastSegmentOn(timeline));
                    Assert.True(segment < segment.Next);
                }
            );

    [Fact]
    public void The_last_of_a_log_is_followed_by_the_first_of_the_next() =>
        Assert.Equal("000000010000000100000000", WalSegment.Parse("0000000100000000000000FF").Next.ToString());
}
