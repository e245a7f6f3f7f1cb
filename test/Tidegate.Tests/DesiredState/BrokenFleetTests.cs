using Tidegate.ControlPlane.DesiredState;

namespace Tidegate.Tests.DesiredState;

/// <summary>Whatever a file holds, it is a problem with a place: never a crash, and never much memory.</summary>
public sealed class BrokenFleetTests(ITestOutputHelper output)
{
    private const int Fleets = 324;
    private const long MostBytesEach = 96L << 20; // allocated in all, not held: a file of 1 MiB is the largest here

    [Fact]
    public void Each_broken_fleet_is_refused_with_a_place_in_the_file_that_is_broken()
    {
        for (var seed = 0; seed < Fleets; seed++)
        {
            var (files, path) = BrokenFleets.Draw(seed);

            var (reading, allocated) = Read(files);
            // The process's other tests allocate meanwhile: what a reading needs, the quietest of some shows.
            for (var again = 0; again < 4 && allocated >= MostBytesEach; again++)
            {
                (reading, allocated) = Read(files);
            }

            var broken = reading as FleetReading.Broken;
            Assert.True(broken is not null, $"seed {seed}: {path} was read:\n{files.Text(path)}");
            Assert.True(
                broken.Problems.Any(problem => problem.File == path && problem.Line >= 1 && problem.Column >= 1),
                $"seed {seed}: no problem is in {path}: {string.Join('\n', broken.Problems)}"
            );
            Assert.All(broken.Problems, problem => Assert.InRange(problem.ToString().Length, 20, 600));
            Assert.True(allocated < MostBytesEach, $"seed {seed}: {allocated >> 20} MiB for {path}");
        }

        output.WriteLine($"{Fleets} broken fleets, seeds 0 to {Fleets - 1}");
    }

    private static (FleetReading Reading, long Allocated) Read(MemoryFiles files)
    {
        var before = GC.GetTotalAllocatedBytes(precise: false);
        var reading = files.Reading();
        return (reading, GC.GetTotalAllocatedBytes(precise: false) - before);
    }

    /// <summary>Single letters of good files lost, doubled or changed: read or refused, never a crash.</summary>
    [Fact]
    public void A_mutated_file_is_read_or_refused()
    {
        var refused = 0;
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var files = MemoryFiles.Example();
            var paths = files.Paths.ToArray();
            var path = paths[random.Next(paths.Length)];
            var text = files.Text(path);
            var at = random.Next(text.Length);
            files.Put(
                path,
                random.Next(4) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, text[at].ToString()),
                    2 => text[..at],
                    _ => text.Remove(at, 1).Insert(at, ":-[]{}&*!|>'\"%@`#\n ,"[random.Next(20)].ToString()),
                }
            );

            if (files.Reading() is FleetReading.Broken broken)
            {
                refused++;
                Assert.All(broken.Problems, problem => Assert.True(problem is { Line: >= 1, Column: >= 1 }));
            }
        }

        output.WriteLine($"1000 mutations, seeds 0 to 999: {refused} refused");
        Assert.InRange(refused, 200, 999);
    }
}
