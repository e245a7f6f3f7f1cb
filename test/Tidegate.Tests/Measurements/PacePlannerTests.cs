using CsCheck;
using Tidegate.ControlPlane.Measurements;

namespace Tidegate.Tests.Measurements;

public sealed class PacePlannerTests
{
    [Fact]
    public void Two_cutovers_say_nothing() => Assert.Null(PacePlanner.Of([Cutover(50e6, 1, 6), Cutover(50e6, 1, 6)]));

    [Fact]
    public void Cutovers_of_one_size_give_the_rate_and_the_rest()
    {
        var pace = PacePlanner.Of([Cutover(100e6, 2, 9), Cutover(100e6, 2, 9), Cutover(100e6, 2, 9)]);

        Assert.Equal(new CutoverPace(3, 50e6, TimeSpan.FromSeconds(7)), pace);
    }

    [Fact]
    public void What_a_copy_takes_whatever_its_size_is_no_part_of_the_rate()
    {
        // One second, and ten more for each GB.
        var pace = PacePlanner.Of([Cutover(100e6, 2, 6), Cutover(500e6, 6, 10), Cutover(1000e6, 11, 15)])!;

        Assert.Equal(100e6, pace.CopyBytesPerSecond, tolerance: 1);
        Assert.Equal(25, pace.HoldOf(2_000_000_000).TotalSeconds, precision: 3);
    }

    [Fact]
    public void One_cutover_beside_a_backup_changes_nothing()
    {
        MeasuredCutover[] even = [.. Enumerable.Repeat(Cutover(100e6, 2, 9), 4)];

        Assert.Equal(PacePlanner.Of(even)! with { Cutovers = 5 }, PacePlanner.Of([.. even, Cutover(100e6, 60, 90)]));
    }

    [Fact]
    public void Whatever_was_measured_a_larger_database_is_never_forecast_to_be_faster() =>
        Gen.Select(Gen.Long[1, 1L << 40], Gen.Double[0.001, 1e4], Gen.Double[0, 1e4])
            .Array[3, 12]
            .Sample(measured =>
            {
                var pace = PacePlanner.Of([
                    .. measured.Select(one => Cutover(one.Item1, one.Item2, one.Item2 + one.Item3)),
                ]);
                Assert.True(pace is null || pace.HoldOf(2000) >= pace.HoldOf(1000));
                Assert.True(pace is null || (pace.CopyBytesPerSecond > 0 && pace.Fixed >= TimeSpan.Zero));
            });

    private static MeasuredCutover Cutover(double bytes, double copy, double hold) =>
        new((long)bytes, TimeSpan.FromSeconds(copy), TimeSpan.FromSeconds(hold));
}
