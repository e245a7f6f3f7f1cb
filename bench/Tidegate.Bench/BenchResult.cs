using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tidegate.Bench;

/// <summary>Writes <c>bench/results/NAME.json</c>.</summary>
internal static class BenchResult
{
    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Gives the text that was written.</summary>
    public static async Task<string> WriteAsync(
        string name,
        Figures figures,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var commit = await Command.ReadAsync(
            "git",
            ["describe", "--always", "--dirty", "--abbrev=12"],
            cancellationToken
        );
        var result = new
        {
            name,
            commit = commit.Trim(),
            machine = await MachineAsync(cancellationToken),
            at = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            figures = figures.ToDictionary(
                figure => figure.Key,
                figure => Math.Round(figure.Value, 3),
                StringComparer.Ordinal
            ),
            each = figures.Each,
        };
        var text = JsonSerializer.Serialize(result, Written);
        Directory.CreateDirectory("bench/results");
        await File.WriteAllTextAsync($"bench/results/{name}.json", text + "\n", cancellationToken);
        return text;
    }

    // The load says how far the figures can be trusted.
    private static async Task<string> MachineAsync(CancellationToken cancellationToken)
    {
        var cpu = (await File.ReadAllLinesAsync("/proc/cpuinfo", cancellationToken))
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':')[1]
            .Trim();
        var load = (await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ')[0];
        return $"{Environment.ProcessorCount} × {cpu ?? "unknown"}, load {load} at the end";
    }
}
