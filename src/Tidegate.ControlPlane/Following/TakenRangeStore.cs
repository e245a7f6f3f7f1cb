using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Following;

/// <summary>Whose commits brought the fleet to where it is, in PostgreSQL: one row for each state that was taken.</summary>
public sealed class TakenRangeStore(NpgsqlDataSource database)
{
    private const int Most = 500;

    /// <summary>In the transaction that takes the state.</summary>
    public static async Task AddAsync(
        NpgsqlConnection connection,
        TakenRange range,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "insert into taken_range (at, commits, unread) values ($1, $2, $3)",
            connection
        );
        command.Parameters.Add(new() { Value = at.UtcDateTime });
        command.Parameters.Add(new() { Value = StoredJson.Write(range.Commits), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = range.Unread });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// What was taken since an environment began to take on another release than this one, or since this one was asked for
    /// where that was before: the newest first, cut where there are too many. Emergencies begin nothing: nobody had to agree to them.
    /// </summary>
    public async Task<ImmutableArray<TakenRange>> SinceAsync(
        EnvironmentName environment,
        ReleaseDigest release,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            $"""
            select commits, unread from taken_range
             where at >= least(
                 coalesce((select max(created_at) from rollout r
                            where environment = $1 and kind = 'release' and release_digest <> $2 and outcome = 'completed'
                              and not exists (select from emergency e where e.rollout = r.id)), '-infinity'),
                 coalesce((select max(requested_at) from planned_work
                            where environment = $1 and release_digest = $2), 'infinity'))
             order by id desc limit {Most + 1}
            """
        );
        command.Bind(environment.Value, release.Value);
        var ranges = ImmutableArray.CreateBuilder<TakenRange>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            ranges.Add(
                new(
                    StoredJson.Read<ImmutableArray<WrittenCommit>>(row.GetString(0)),
                    ranges.Count == Most ? $"more than {Most} states were taken since" : row.Text(1)
                )
            );
        }

        return ranges.ToImmutable();
    }
}
