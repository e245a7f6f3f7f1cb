using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Rehearsals.Probing;

/// <summary>Looks once a second at how large a database and its WAL are, until it is stopped.</summary>
internal sealed class DiskSampler : IAsyncDisposable
{
    private const string Question =
        "select pg_database_size(current_database()) + (select coalesce(sum(size), 0) from pg_ls_waldir())::bigint";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task<long> _sampling;

    public DiskSampler(SitePostgres postgres, string database, TimeProvider clock) =>
        _sampling = Task.Run(() => SampleAsync(postgres, database, clock));

    /// <summary>The most that was seen, in bytes.</summary>
    public async Task<long> StopAsync()
    {
        await _stop.CancelAsync();
        return await _sampling;
    }

    public static Task<long> ReadAsync(PostgresSession session, CancellationToken cancellationToken) =>
        session.ScalarAsync<long>(Question, [], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_sampling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task<long> SampleAsync(SitePostgres postgres, string database, TimeProvider clock)
    {
        var most = 0L;
        try
        {
            await using var session = await postgres.OpenAsync(database, SitePostgres.Superuser, _stop.Token);
            while (true)
            {
                most = Math.Max(most, await ReadAsync(session, _stop.Token));
                await Task.Delay(Interval, clock, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return most; // asked to stop
        }
    }
}
