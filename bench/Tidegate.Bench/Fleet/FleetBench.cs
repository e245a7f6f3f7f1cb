using System.Diagnostics;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;

namespace Tidegate.Bench.Fleet;

/// <summary>A fleet of ten thousand tenants in files: validated by the command, and read again after one file changed.</summary>
internal static class FleetBench
{
    private const int Tenants = 10_000;
    private const int Rounds = 5;
    private const int Rereads = 20;

    public static async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        var repository = new BenchRepository(Tenants);
        var folder = Directory.CreateTempSubdirectory("tidegate-fleet-");
        try
        {
            repository.Write(folder.FullName);
            var (times, peaks) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                var (seconds, megabytes) = await ValidateAsync(folder.FullName, cancellationToken);
                times.Add(seconds);
                peaks.Add(megabytes);
            }

            var figures = new Figures
            {
                ["validate_10k_s"] = Figures.Median(times),
                ["validate_10k_peak_mb"] = Figures.Median(peaks),
                ["reread_one_ms"] = RereadOne(repository, cancellationToken),
                ["files"] = repository.Paths.Count,
            };
            var git = Directory.CreateDirectory(Path.Join(folder.FullName, "git")).FullName;
            foreach (var (name, value) in await new GitBench(repository, git).RunAsync(cancellationToken))
            {
                figures.Add(name, value);
            }

            var sync = new GitFolder(Directory.CreateDirectory(Path.Join(folder.FullName, "sync")).FullName);
            foreach (var (name, value) in await new SyncBench(repository, sync).RunAsync(cancellationToken))
            {
                figures.Add(name, value);
            }

            return figures;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The command with its start.</summary>
    private static async Task<(double Seconds, double Megabytes)> ValidateAsync(
        string folder,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(Path.Join(AppContext.BaseDirectory, "tidegate"), ["fleet", "validate", folder])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var peak = 0L;
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        // The kernel forgets a process's peak with the process: what was seen last counts.
        while (!process.HasExited && await often.WaitForNextTickAsync(cancellationToken))
        {
            process.Refresh();
            peak = process.HasExited ? peak : Math.Max(peak, process.PeakWorkingSet64);
        }

        var seconds = watch.Elapsed.TotalSeconds;
        return (await output).Contains($"{Tenants} tenants", StringComparison.Ordinal)
            ? (seconds, peak / 1_000_000.0)
            : throw new InvalidOperationException($"The fleet was not read: {await output}");
    }

    private static double RereadOne(BenchRepository repository, CancellationToken cancellationToken)
    {
        var cache = new DocumentCache();
        _ = FleetReader.Read(repository, cache, cancellationToken);
        var times = new List<double>();
        for (var round = 0; round < Rereads; round++)
        {
            repository.Change(round, round % 2 == 0 ? "Europe/Rome" : "Europe/Berlin");
            var watch = Stopwatch.StartNew();
            var reading = FleetReader.Read(repository, cache, cancellationToken);
            times.Add(watch.Elapsed.TotalMilliseconds);
            if (reading is not FleetReading.Good)
            {
                throw new InvalidOperationException("The changed fleet is broken.");
            }
        }

        return Figures.Median(times);
    }
}
