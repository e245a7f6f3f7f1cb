using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Rehearsals.Observed;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Rehearsals.Probing;

/// <summary>
/// Looks at the locks of a database every few milliseconds, in a session of its own, until it is stopped. Modes that
/// keep nobody but DDL out (AccessShare, RowShare) are left out.
/// </summary>
internal sealed class LockSampler : IAsyncDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private const string Question = """
        select l.virtualtransaction, l.relation::bigint, coalesce(c.relname::text, ''), l.mode,
               a.state like 'idle in transaction%', extract(epoch from clock_timestamp() - a.xact_start)::float8
          from pg_locks l
          join pg_stat_activity a on a.pid = l.pid
          left join pg_class c on c.oid = l.relation
         where l.locktype = 'relation' and l.granted and l.pid <> pg_backend_pid()
           and l.database = (select oid from pg_database where datname = current_database())
           and l.relation >= 16384 and (c.relkind is null or c.relkind in ('r', 'p', 'm'))
           and l.mode not in ('AccessShareLock', 'RowShareLock')
        """;

    private readonly SitePostgres _postgres;
    private readonly string _database;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly LockTally _tally = new();
    private readonly Task _sampling;

    public LockSampler(SitePostgres postgres, string database, TimeProvider clock)
    {
        (_postgres, _database, _clock) = (postgres, database, clock);
        _sampling = Task.Run(SampleAsync);
    }

    /// <summary>Stops and gives what was seen.</summary>
    public async Task<LockTally> StopAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        return _tally;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        try
        {
            await using var session = await _postgres.OpenAsync(_database, SitePostgres.Superuser, _stop.Token);
            var begun = _clock.GetTimestamp();
            while (!_stop.IsCancellationRequested)
            {
                var rows = await session.QueryAsync(Question, [], Read, _stop.Token);
                _tally.Add(_clock.GetElapsedTime(begun).TotalMilliseconds, rows);
                await Task.Delay(Interval, _clock, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }

    private static LockSample Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetInt64(1),
            row.GetString(2),
            row.GetString(3),
            !row.IsDBNull(4) && row.GetBoolean(4),
            row.IsDBNull(5) ? 0 : row.GetDouble(5)
        );
}

/// <summary>One lock in one sample.</summary>
/// <param name="Table">Empty while the relation is another transaction's secret: it is just being made.</param>
internal readonly record struct LockSample(
    string Transaction,
    long Relation,
    string Table,
    string Mode,
    bool IsIdle,
    double TransactionSeconds
);

/// <summary>Adds samples up.</summary>
internal sealed class LockTally
{
    private readonly Dictionary<(string Transaction, long Relation, string Mode), Held> _held = [];
    private readonly Dictionary<long, string> _tables = [];
    private double? _last;

    /// <summary>The longest time between two samples.</summary>
    public double LongestGapMs { get; private set; }

    public double LongestTransactionSeconds { get; private set; }

    public void Add(double atMs, ImmutableArray<LockSample> samples)
    {
        var gap = _last is { } last ? atMs - last : 0;
        (_last, LongestGapMs) = (atMs, Math.Max(LongestGapMs, gap));
        foreach (var sample in samples)
        {
            if (sample.Table.Length > 0)
            {
                _tables[sample.Relation] = sample.Table;
            }

            LongestTransactionSeconds = Math.Max(LongestTransactionSeconds, sample.TransactionSeconds);
            var key = (sample.Transaction, sample.Relation, sample.Mode);
            _held[key] = _held.TryGetValue(key, out var before)
                ? before with
                {
                    To = atMs,
                    IdleMs = before.IdleMs + (sample.IsIdle ? gap : 0),
                }
                : new Held(atMs, atMs, 0);
        }
    }

    /// <summary>By relation and mode. A relation that nobody but its maker ever saw is left out.</summary>
    /// <param name="explained">Tables that some statement of the log names.</param>
    public ImmutableArray<LockHeld> Locks(IReadOnlySet<string> explained) =>
        [
            .. _held
                .Where(entry => _tables.ContainsKey(entry.Key.Relation))
                .GroupBy(entry => (Table: _tables[entry.Key.Relation], entry.Key.Mode), entry => entry.Value)
                .Select(group => (group.Key, Longest: group.MaxBy(held => held.Ms)!, Total: group.Sum(held => held.Ms)))
                .Select(group => new LockHeld(
                    group.Key.Table,
                    group.Key.Mode,
                    group.Longest.Ms,
                    group.Total,
                    group.Longest.IdleMs,
                    !explained.Contains(group.Key.Table)
                ))
                .OrderByDescending(held => held.LongestMs)
                .ThenBy(held => held.Table, StringComparer.Ordinal),
        ];

    private sealed record Held(double From, double To, double IdleMs)
    {
        /// <summary>What is seen once was held for about one interval.</summary>
        public double Ms => To - From + LockSampler.Interval.TotalMilliseconds;
    }
}
