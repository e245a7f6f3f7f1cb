using System.Diagnostics;
using System.IO.Pipelines;
using Npgsql;
using Tidegate.ControlPlane.Ledger;

namespace Tidegate.Bench.Ledger;

/// <summary>Seals a million entries, checks them from the database, and has the engine work with and without a sealer beside it, all on one real PostgreSQL with fsync on.</summary>
internal static class LedgerBench
{
    /// <summary>The figures of the table are of so many.</summary>
    public const int Entries = 1_000_000;

    /// <summary>In which they are written and sealed.</summary>
    public const int Rounds = 5;

    /// <param name="entries">How many are sealed and checked; the figures of the table are those of a million.</param>
    public static async Task<Figures> RunAsync(int entries, CancellationToken cancellationToken)
    {
        await using var control = await BenchDatabase.StartAsync(cancellationToken);
        await using var database = control.Open();
        return await MeasureAsync(control, database, entries, cancellationToken);
    }

    private static async Task<Figures> MeasureAsync(
        BenchDatabase control,
        NpgsqlDataSource database,
        int entries,
        CancellationToken cancellationToken
    )
    {
        using var keys = new BenchKey();
        var store = new LedgerStore(database);
        var sealer = new BenchSealer(store, keys);
        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            await WriteAsync(database, entries / Rounds, cancellationToken);
            rates.Add(entries / Rounds / await sealer.SealAllAsync(cancellationToken));
        }

        var verified = await VerifyAsync(store, keys, cancellationToken);
        var pairs = await new SealingCost(control, database, sealer).MeasureAsync(cancellationToken);
        var costs = pairs.Select(pair => pair.Cost).ToList();
        return new Figures
        {
            Each =
            [
                .. pairs.Select(pair => new
                {
                    without = pair.Without,
                    with = pair.With,
                    cost = pair.Cost,
                }),
            ],
            ["sealed_per_s"] = Figures.Median(rates),
            ["sealed_slowest_per_s"] = rates.Min(),
            ["engine_cost"] = Figures.Median(costs),
            ["engine_cost_lower_quartile"] = Figures.Percentile(costs, 0.25),
            ["engine_cost_upper_quartile"] = Figures.Percentile(costs, 0.75),
            ["engine_pairs"] = pairs.Count,
            ["steps_without_per_s"] = Figures.Median(pairs.Select(pair => pair.Without)),
            ["steps_with_per_s"] = Figures.Median(pairs.Select(pair => pair.With)),
            ["verify_1m_s"] = verified.Seconds * Entries / verified.Checked,
            ["verified"] = verified.Checked,
            ["verify_grown_mb"] = verified.GrownMegabytes,
        };
    }

    /// <summary>As <c>ledger verify</c> does it: what the server writes is checked as it comes, here within one process.</summary>
    private static async Task<(long Checked, double Seconds, double GrownMegabytes)> VerifyAsync(
        LedgerStore store,
        BenchKey keys,
        CancellationToken cancellationToken
    )
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var (before, most) = (process.WorkingSet64, 0L);
        var watch = Stopwatch.StartNew();
        var verifier = new LedgerVerifier([keys.Signing], await store.CheckpointsAsync(cancellationToken));
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20));
        var writing = Task.Run(
            async () =>
            {
                await using var output = pipe.Writer.AsStream();
                await new LedgerExport(store).WriteAsync(output, cancellationToken);
            },
            cancellationToken
        );
        var checking = Task.Run(
            () => LedgerReading.CheckAsync(pipe.Reader.AsStream(), verifier, cancellationToken),
            cancellationToken
        );
        while (!checking.IsCompleted)
        {
            await Task.WhenAny(
                checking,
                Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken)
            );
            process.Refresh();
            most = Math.Max(most, process.WorkingSet64);
        }

        await writing;
        await checking;
        return verifier.Findings is [var wrong, ..] ? throw new InvalidOperationException(wrong.What)
            : verifier.SignedTo != verifier.Size ? throw new InvalidOperationException("not all is signed for")
            : (verifier.Size, watch.Elapsed.TotalSeconds, (most - before) / 1048576.0);
    }

    /// <summary>Entries as the engine writes them: a step's intent and its outcome in turn.</summary>
    private static async Task WriteAsync(NpgsqlDataSource database, int entries, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            insert into ledger (at, kind, actor, rollout, upgrade, tenant, step, epoch, digest, reason)
            select clock_timestamp(), case when i % 2 = 0 then 'intent' else 'outcome' end, 'srv-1/812',
                   'r-0199c3a1b2c3d4e5', 'u-' || (i / 32), 'shop-' || (i / 32), 'link-filestore', i,
                   'sha256:' || repeat('2', 64), case when i % 2 = 1 then 'done: OID 16412 in place of 16390' end
              from generate_series(1, $1) i
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = entries });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
