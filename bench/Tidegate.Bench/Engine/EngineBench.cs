using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tidegate.Bench.Plan;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Bench.Engine;

/// <summary>The engine alone: steps that do nothing, on a real PostgreSQL with fsync on; intent and outcome are each committed.</summary>
internal static class EngineBench
{
    private const int Tenants = 1_000;
    private const int WarmUpTenants = 200;
    private const int Workers = 8;
    private const int FsyncProbes = 200;

    public static async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        await using var control = await BenchDatabase.StartAsync(cancellationToken);
        await using var database = control.Open();
        var store = new RolloutStore(database);
        await CarryOutAsync(store, "r-warm-up", WarmUpTenants, cancellationToken);

        var cpu = Environment.CpuUsage.TotalTime;
        await CarryOutAsync(store, "r-bench", Tenants, cancellationToken);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        var (steps, seconds) = await RecordOfAsync(database, "r-bench", cancellationToken);
        return new()
        {
            ["steps_per_s"] = steps / seconds,
            ["steps"] = steps,
            ["engine_cpu_us_per_step"] = cpu.TotalMicroseconds / steps,
            ["fsync_ms"] = FsyncMilliseconds(control.Layout.Home),
        };
    }

    /// <summary>Carries a rollout of so many tenants out, to its end.</summary>
    internal static async Task CarryOutAsync(
        RolloutStore store,
        string id,
        int tenants,
        CancellationToken cancellationToken
    )
    {
        var policy = new RolloutPolicy { WaveSizes = [0], Concurrency = 4 * Workers };
        var plan = RolloutPlanner.Plan(BenchFleet.Request with { Policy = policy }, BenchFleet.Of(tenants));
        var rollout = BenchFleet.Rollout(plan, id);
        string[] sites = [.. rollout.Sites.Values.Select(site => site.Value).Distinct(StringComparer.Ordinal)];
        if (await store.StartAsync(rollout, cancellationToken) is StartRolloutResult.Refused refused)
        {
            throw new InvalidOperationException(refused.Reason);
        }

        await Task.WhenAll(
            Enumerable.Range(0, Workers).Select(number => WorkAsync(store, number, sites, cancellationToken))
        );
    }

    /// <summary>Steps done, and the time from the first intent to the last outcome.</summary>
    internal static async Task<(long Steps, double Seconds)> RecordOfAsync(
        NpgsqlDataSource database,
        string rollout,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select count(*), extract(epoch from max(s.ended_at) - min(s.started_at))::float8
              from step_run s join upgrade u on u.id = s.upgrade
             where u.rollout = $1 and u.ending = 'completed' and s.outcome = 'done'
            """
        );
        command.Parameters.AddWithValue(rollout);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetDouble(1));
    }

    /// <summary>Takes turns until the rollout has ended: an idle turn is followed by another look.</summary>
    private static async Task WorkAsync(
        IRolloutStore store,
        int number,
        string[] sites,
        CancellationToken cancellationToken
    )
    {
        var engine = new RolloutEngine(
            store,
            NoHandlers(),
            new NoLease(),
            new StartRules(new StartCalendar(new NoCalendars(), (IStartCandidates)store), (IStartRisk)store),
            new EngineOptions { Owner = $"bench/{number}", Sites = sites },
            TimeProvider.System,
            NullLogger<RolloutEngine>.Instance
        );
        var idle = 0;
        while (idle < 100)
        {
            idle = await engine.TurnAsync(cancellationToken) ? 0 : idle + 1;
            if (idle > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
            }
        }
    }

    private sealed class NoCalendars : ICalendars
    {
        public Task<CalendarSet> InForceAsync(CancellationToken cancellationToken) => Task.FromResult(CalendarSet.None);
    }

    private static StepHandlers NoHandlers()
    {
        var builder = new StepHandlers.Builder();
        var add = typeof(StepHandlers.Builder).GetMethod(nameof(StepHandlers.Builder.Add))!;
        foreach (var type in StepKinds.Types)
        {
            var handler = Activator.CreateInstance(typeof(NoHandler<>).MakeGenericType(type));
            add.MakeGenericMethod(type).Invoke(builder, [handler]);
        }

        return builder.Build();
    }

    /// <summary>Median time to make 8 KiB durable: what a commit cannot be quicker than.</summary>
    private static double FsyncMilliseconds(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, "fsync"), FileMode.Create);
        var page = new byte[8192];
        return Figures.Median(
            Enumerable
                .Range(0, FsyncProbes)
                .Select(_ =>
                {
                    var watch = Stopwatch.StartNew();
                    file.Write(page);
                    file.Flush(flushToDisk: true);
                    return watch.Elapsed.TotalMilliseconds;
                })
                .ToList()
        );
    }

    private sealed class NoHandler<TStep> : IStepHandler<TStep>
        where TStep : Step
    {
        public Task<StepOutcome> RunAsync(TStep step, StepContext context, CancellationToken cancellationToken) =>
            Task.FromResult<StepOutcome>(new StepOutcome.Done("nothing"));
    }

    private sealed class NoLease : IUpgradeLease
    {
        public Task RenewAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
