using System.Collections.Immutable;

namespace Tidegate.Drivers.Databases;

/// <summary>
/// A drop waits until every session of the cluster has let go of the database's files, of whatever database it is
/// (<c>ProcSignalBarrier</c>). One does not that waits for its client within a command, for the rows of a COPY: no timeout
/// of PostgreSQL reaches it. So a client that stands still there, a frozen server or a tool that was stopped, would keep
/// everybody from dropping anything. Seen on PostgreSQL 15; who waits for its client to read answers.
/// </summary>
internal static class StandingClients
{
    /// <summary>How long a drop waits before anybody is suspected.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private const string Standing = """
        select a.pid, a.query_start
          from pg_stat_activity a join pg_roles r on r.oid = a.usesysid
         where a.backend_type = 'client backend' and a.state = 'active' and a.wait_event = 'ClientRead'
           and not r.rolsuper
           and exists (select from pg_stat_activity d where d.pid = $1 and d.wait_event = 'ProcSignalBarrier')
        """;

    /// <summary>
    /// Drops a database. While that is kept waiting for longer than <see cref="Patience"/>, whoever waits for the same
    /// client in two looks in a row is ended; a superuser is not.
    /// </summary>
    public static async Task DropAsync(
        PostgresSession session,
        string database,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        using var dropped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ending = EndAsync(session, clock, dropped.Token);
        try
        {
            await session.ExecuteAsync($"DROP DATABASE IF EXISTS {Sql.Name(database)}", cancellationToken);
        }
        finally
        {
            await dropped.CancelAsync();
            await ending;
        }
    }

    private static async Task EndAsync(PostgresSession dropping, TimeProvider clock, CancellationToken isDropped)
    {
        try
        {
            await Task.Delay(Patience, clock, isDropped);
            await using var session = await dropping.OpenAnotherAsync(isDropped);
            var before = ImmutableArray<(int Pid, DateTime Since)>.Empty;
            while (true)
            {
                var standing = await session.QueryAsync(
                    Standing,
                    [dropping.ProcessId],
                    row => (Pid: row.GetInt32(0), Since: row.GetDateTime(1)),
                    isDropped
                );
                await session.ExecuteAsync(
                    "select pg_terminate_backend(pid) from unnest($1::int[]) pid",
                    [before.Intersect(standing).Select(one => one.Pid).ToArray()],
                    isDropped
                );
                before = standing;
                await Task.Delay(Between, clock, isDropped);
            }
        }
        catch (OperationCanceledException) when (isDropped.IsCancellationRequested)
        {
            // What it was for is over.
        }
    }
}
