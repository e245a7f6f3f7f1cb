using System.Globalization;
using System.Runtime.InteropServices;
using Tidegate.Bench;
using Tidegate.Bench.Calendars;
using Tidegate.Bench.Cutover;
using Tidegate.Bench.Engine;
using Tidegate.Bench.Fleet;
using Tidegate.Bench.Gateway;
using Tidegate.Bench.Ledger;
using Tidegate.Bench.Plan;
using Tidegate.Bench.Recovery;
using Tidegate.Bench.Rehearsals;
using Tidegate.Bench.Validate;

// One line a bench: its name and what measures it.
var benches = new Dictionary<string, Func<CancellationToken, Task<Figures>>>(StringComparer.Ordinal)
{
    ["gateway"] = GatewayBench.RunAsync,
    ["plan"] = PlanBench.RunAsync,
    ["calendar"] = token => CalendarBench.RunAsync(CalendarBench.Tenants, token),
    ["fleet"] = FleetBench.RunAsync,
    ["validate"] = ValidateBench.RunAsync,
    ["engine"] = EngineBench.RunAsync,
    ["ledger"] = token => LedgerBench.RunAsync(LedgerBench.Entries, token),
    ["hold"] = HoldBench.RunAsync,
    ["wayback"] = WaybackBench.RunAsync,
    ["wave"] = WaveBench.RunAsync,
    ["prediction"] = token => PredictionBench.RunAsync(PredictionOptions.Whole, token),
    ["swapback"] = token => SwapbackBench.RunAsync(SwapbackBench.Megabytes, token),
    ["pitr"] = token => PitrBench.RunAsync(PitrSize.Whole, token),
};

// A smaller shop for a quick look; the figures of the table are those of the whole size.
if (args is ["swapback", "--megabytes", var text])
{
    if (!int.TryParse(text, CultureInfo.InvariantCulture, out var megabytes))
    {
        await Console.Error.WriteLineAsync(
            $"\"{text}\" is no number of megabytes: ./bench/run swapback --megabytes 200"
        );
        return 64;
    }

    benches["swapback"] = token => SwapbackBench.RunAsync(megabytes, token);
    args = args[..1];
}

// Fewer shops for a quick look.
if (args is ["calendar", "--tenants", var shops])
{
    if (!int.TryParse(shops, CultureInfo.InvariantCulture, out var tenants) || tenants < 1)
    {
        await Console.Error.WriteLineAsync($"\"{shops}\" is no number of tenants: ./bench/run calendar --tenants 500");
        return 64;
    }

    benches["calendar"] = token => CalendarBench.RunAsync(tenants, token);
    args = args[..1];
}

// Fewer entries for a quick look.
if (args is ["ledger", "--entries", var number])
{
    if (!int.TryParse(number, CultureInfo.InvariantCulture, out var entries) || entries < LedgerBench.Rounds)
    {
        await Console.Error.WriteLineAsync($"\"{number}\" is no number of entries: ./bench/run ledger --entries 50000");
        return 64;
    }

    benches["ledger"] = token => LedgerBench.RunAsync(entries, token);
    args = args[..1];
}

if (args is ["pitr", .. var options])
{
    if (PitrSize.Parse(options) is not { } size)
    {
        await Console.Error.WriteLineAsync(
            $"\"{string.Join(' ', options)}\" says no size: ./bench/run pitr --size 150 --neighbours 3"
        );
        return 64;
    }

    benches["pitr"] = token => PitrBench.RunAsync(size, token);
    args = args[..1];
}

if (args is ["prediction", _, ..])
{
    var wanted = PredictionOptions.Parse(args.AsSpan(1), out var problem);
    if (problem is not null)
    {
        await Console.Error.WriteLineAsync(problem);
        return 64;
    }

    benches["prediction"] = token => PredictionBench.RunAsync(wanted, token);
    args = args[..1];
}

if (args is not [var name] || !benches.TryGetValue(name, out var bench))
{
    await Console.Error.WriteLineAsync($"Usage: ./bench/run {string.Join('|', benches.Keys)}");
    return 64;
}

using var interrupted = new CancellationTokenSource();
using var pressed = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var ended = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
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

void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}
