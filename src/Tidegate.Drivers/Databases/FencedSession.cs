using System.Globalization;
using Npgsql;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Databases;

/// <summary>
/// A session of the site role on the maintenance database, under a tenant's epoch. Once it is open the site refuses
/// every lower epoch of that tenant, and no session of a lower epoch lives: neither a control plane's nor a migrator's.
/// </summary>
public sealed class FencedSession : IAsyncDisposable
{
    // Long enough for a transaction of a live peer, short enough to look again for a frozen one that holds the row.
    private const string LockWait = "500ms";
    private static readonly TimeSpan EndWait = TimeSpan.FromSeconds(5);

    // The case keeps PostgreSQL from casting what is no number.
    private const string Lower = """
        case when application_name ~ '^tidegate:[^:]+:[0-9]{1,18}$'
             then split_part(application_name, ':', 2) = $1 and split_part(application_name, ':', 3)::bigint < $2
             else false
        end
        """;

    private readonly TenantName _tenant;
    private readonly long _epoch;

    private FencedSession(SitePostgres site, PostgresSession postgres, TenantName tenant, long epoch)
    {
        Site = site;
        Postgres = postgres;
        _tenant = tenant;
        _epoch = epoch;
    }

    internal SitePostgres Site { get; }

    /// <summary>For reading, and for statements that cannot be in a transaction. Transactional effects go through <see cref="InTransactionAsync"/>.</summary>
    internal PostgresSession Postgres { get; }

    /// <summary>The <c>application_name</c> of every session that works for a tenant under an epoch; PostgreSQL keeps 63 bytes of it.</summary>
    public static string ApplicationName(TenantName tenant, long epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"tidegate:{tenant}:{epoch}");

    /// <exception cref="StaleEpochException">The site has seen a higher epoch; nothing was changed.</exception>
    public static async Task<FencedSession> OpenAsync(
        SitePostgres site,
        TenantName tenant,
        long epoch,
        CancellationToken cancellationToken
    )
    {
        var connection = site.ConnectionString(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            ApplicationName(tenant, epoch)
        );
        var session = new FencedSession(
            site,
            await PostgresSession.OpenAsync(connection, cancellationToken),
            tenant,
            epoch
        );
        try
        {
            await session.RaiseAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync(); // whatever went wrong: nobody gets this session
            throw;
        }
    }

    /// <summary>
    /// Asks only, before something that PostgreSQL does not guard: the epoch is not raised, no session is ended, and a
    /// higher one may come right after.
    /// </summary>
    /// <exception cref="StaleEpochException">The site has seen a higher epoch.</exception>
    public static async Task RefuseIfStaleAsync(
        SitePostgres site,
        TenantName tenant,
        long epoch,
        CancellationToken cancellationToken
    )
    {
        var connection = site.ConnectionString(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            ApplicationName(tenant, epoch)
        );
        await using var session = new FencedSession(
            site,
            await PostgresSession.OpenAsync(connection, cancellationToken),
            tenant,
            epoch
        );
        await session.RefuseIfStaleAsync(cancellationToken);
    }

    /// <summary>Runs <paramref name="work"/> in one transaction that is refused when a higher epoch has been seen, and makes a higher one wait.</summary>
    internal Task<T> InTransactionAsync<T>(Func<PostgresSession, Task<T>> work, CancellationToken cancellationToken) =>
        Postgres.InTransactionAsync(
            async () =>
            {
                await CheckAsync(cancellationToken);
                return await work(Postgres);
            },
            cancellationToken
        );

    /// <summary>A session of the site in another database, under the same epoch; whoever asked disposes it.</summary>
    internal Task<PostgresSession> OpenAsync(string database, CancellationToken cancellationToken) =>
        PostgresSession.OpenAsync(
            Site.ConnectionString(database, DatabaseNames.SiteRole, ApplicationName(_tenant, _epoch)),
            cancellationToken
        );

    public ValueTask DisposeAsync() => Postgres.DisposeAsync();

    // A frozen control plane may hold the row's lock inside its transaction. So lower sessions are ended first, while
    // the lock is waited for, and once more after the epoch is raised: from then on none can begin anything.
    private async Task RaiseAsync(CancellationToken cancellationToken)
    {
        await Postgres.ExecuteAsync($"SET lock_timeout = '{LockWait}'", cancellationToken);
        while (true)
        {
            await RefuseIfStaleAsync(cancellationToken);
            await EndLowerAsync(cancellationToken);
            try
            {
                await CheckAsync(cancellationToken);
                break;
            }
            catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.LockNotAvailable)
            {
                // held by a peer of this epoch, or by one of a lower epoch that came in between
            }
        }

        await EndLowerAsync(cancellationToken);
        await Postgres.ExecuteAsync("RESET lock_timeout", cancellationToken);
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var touched = await Postgres.ExecuteAsync(
            """
            insert into tidegate.tenant_epoch as seen (tenant, epoch) values ($1, $2)
            on conflict (tenant) do update set epoch = excluded.epoch where seen.epoch <= excluded.epoch
            """,
            [_tenant.Value, _epoch],
            cancellationToken
        );
        if (touched == 0)
        {
            throw new StaleEpochException(_tenant, _epoch);
        }
    }

    private async Task RefuseIfStaleAsync(CancellationToken cancellationToken)
    {
        var higher = await Postgres.ScalarAsync<bool>(
            "select exists (select from tidegate.tenant_epoch where tenant = $1 and epoch > $2)",
            [_tenant.Value, _epoch],
            cancellationToken
        );
        if (higher)
        {
            throw new StaleEpochException(_tenant, _epoch);
        }
    }

    private async Task EndLowerAsync(CancellationToken cancellationToken)
    {
        // Ended in the select list, never in the condition: PostgreSQL may check conditions in any order.
        var told = await Postgres.QueryAsync(
            $"select pid, pg_terminate_backend(pid, $3) from pg_stat_activity where {Lower}",
            [_tenant.Value, _epoch, (long)EndWait.TotalMilliseconds],
            row => (Pid: row.GetInt32(0), HasEnded: row.GetBoolean(1)),
            cancellationToken
        );
        int[] unsure = [.. told.Where(session => !session.HasEnded).Select(session => session.Pid)];
        if (unsure is [])
        {
            return;
        }

        // PostgreSQL also says "not ended" of one that ended by itself between being listed and being told to.
        var left = await Postgres.QueryAsync(
            $"select pid from pg_stat_activity where {Lower} and pid = any ($3)",
            [_tenant.Value, _epoch, unsure],
            row => row.GetInt32(0),
            cancellationToken
        );
        if (!left.IsEmpty)
        {
            throw new InvalidOperationException(
                $"PostgreSQL sessions {string.Join(", ", left)} of an older control plane for tenant {_tenant} did not end within {EndWait.TotalSeconds} s."
            );
        }
    }
}
