using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Tidegate.ControlPlane.Ledger;

namespace Tidegate.Bench.Ledger;

/// <summary>A key of the bench alone.</summary>
internal sealed class BenchKey : ILedgerKeys, IDisposable
{
    public LedgerKey Signing { get; } = LedgerKey.Create();

    public void Dispose() => Signing.Dispose();
}

/// <summary>The server's own sealer, taking turns when it is told, or as it does in a server.</summary>
internal sealed class BenchSealer(LedgerStore store, BenchKey keys)
{
    private readonly LedgerFloor _floor = new(store, TimeProvider.System);
    private readonly LaterClock _clock = new();

    /// <returns>Seconds.</returns>
    public async Task<double> SealAllAsync(CancellationToken cancellationToken)
    {
        var sealer = New();
        var watch = Stopwatch.StartNew();
        while (await sealer.TurnAsync(cancellationToken)) { }

        var elapsed = watch.Elapsed.TotalSeconds;
        if ((await _floor.LookAsync(cancellationToken)).Unsealed > 0)
        {
            throw new InvalidOperationException("Entries are left unsealed.");
        }

        _clock.Later += LedgerSealer.BetweenCheckpoints + TimeSpan.FromSeconds(1);
        await sealer.TurnAsync(cancellationToken); // signs to the end
        return elapsed;
    }

    public RunningSealer Run() => new(New());

    private LedgerSealer New() => new(store, _floor, keys, _clock, NullLogger<LedgerSealer>.Instance);
}

/// <summary>Runs ahead by what it is told.</summary>
internal sealed class LaterClock : TimeProvider
{
    public TimeSpan Later { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Later;
}

/// <summary>One that works as in a server until it is disposed of.</summary>
internal sealed class RunningSealer : IAsyncDisposable
{
    private readonly LedgerSealer _sealer;
    private readonly Task _started;

    public RunningSealer(LedgerSealer sealer)
    {
        _sealer = sealer;
        _started = sealer.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _started;
        await _sealer.StopAsync(CancellationToken.None);
        _sealer.Dispose();
    }
}
