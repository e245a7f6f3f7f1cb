using System.Globalization;
using System.Text.RegularExpressions;

namespace Tidegate.Bench.Gateway;

/// <summary>One run of <c>wrk</c>.</summary>
internal sealed record WrkRun(double RequestsPerSecond, double P99Milliseconds, long Requests);

/// <summary>The load generator.</summary>
internal static partial class Wrk
{
    public static async Task<WrkRun> RunAsync(
        int port,
        int connections,
        int seconds,
        CancellationToken cancellationToken
    )
    {
        var output = await Command.ReadAsync(
            "wrk",
            [
                "-t1",
                $"-c{connections}",
                $"-d{seconds}s",
                "--latency",
                "-H",
                $"Host: {BenchGateway.Host}",
                $"http://127.0.0.1:{port}/",
            ],
            cancellationToken
        );
        if (
            output.Contains("Non-2xx", StringComparison.Ordinal)
            || output.Contains("Socket errors", StringComparison.Ordinal)
        )
        {
            throw new InvalidOperationException($"wrk had failures:\n{output}");
        }

        var p99 = P99().Match(output).Groups;
        return new WrkRun(
            Number(Rate().Match(output).Groups["rate"].Value),
            Number(p99["time"].Value) * Unit(p99["unit"].Value),
            (long)Number(Count().Match(output).Groups["count"].Value)
        );
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double Unit(string text) =>
        text switch
        {
            "us" => 0.001,
            "ms" => 1,
            _ => 1000,
        };

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"99%\s+(?<time>[\d.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex P99();

    [GeneratedRegex(@"(?<count>\d+) requests in", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Count();
}
