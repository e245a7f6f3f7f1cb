using Tidegate.Bench;
using Tidegate.Bench.Cutover;
using Tidegate.Bench.Engine;
using Tidegate.Bench.Fleet;
using Tidegate.Bench.Gateway;
using Tidegate.Bench.Plan;
using Tidegate.Bench.Validate;

// One line a bench: its name and what measures it.
var benches = new Dictionary<string, Func<CancellationToken, Task<Figures>>>(StringComparer.Ordinal)
{
    ["gateway"] = GatewayBench.RunAsync,
    ["plan"] = PlanBench.RunAsync,
    ["fleet"] = FleetBench.RunAsync,
    ["validate"] = ValidateBench.RunAsync,
    ["engine"] = EngineBench.RunAsync,
    ["hold"] = HoldBench.RunAsync,
    ["wayback"] = WaybackBench.RunAsync,
    ["wave"] = WaveBench.RunAsync,
};

if (args is not [var name] || !benches.TryGetValue(name, out var bench))
{
    await Console.Error.WriteLineAsync($"Usage: ./bench/run {string.Join('|', benches.Keys)}");
    return 64;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};
try
{
    var figures = await bench(interrupted.Token);
    Console.WriteLine(await BenchResult.WriteAsync(name, figures, TimeProvider.System, interrupted.Token));
    return 0;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 130; // as a shell says of a program that was interrupted; what it had started is gone
}
