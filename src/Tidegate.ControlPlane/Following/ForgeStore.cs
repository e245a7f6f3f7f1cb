using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Following;

/// <summary>What forges have told of changes and reviews, in PostgreSQL. Telling the same again changes nothing.</summary>
public sealed class ForgeStore(NpgsqlDataSource database)
{
    /// <summary>Keeps what a forge told of a change. What it leaves out stays as it was told before.</summary>
    public async Task KeepAsync(ForgeChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with told as (
            insert into forge_change as c (forge, repository, number, author, merged_by, merge_commit, told_at)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (forge, repository, number) do update
               set author = coalesce(excluded.author, c.author), merged_by = coalesce(excluded.merged_by, c.merged_by),
                   merge_commit = coalesce(excluded.merge_commit, c.merge_commit), told_at = excluded.told_at
             where (coalesce(excluded.author, c.author), coalesce(excluded.merged_by, c.merged_by),
                    coalesce(excluded.merge_commit, c.merge_commit))
                   is distinct from (c.author, c.merged_by, c.merge_commit)
            returning forge, repository, number, author, merged_by, merge_commit
            )
            insert into ledger (at, kind, actor, reason)
            select $7, 'decision', 'webhook/' || forge,
                   repository || ' #' || number || ': by ' || coalesce(author, 'unknown')
                   || coalesce(', merged by ' || merged_by, '') || coalesce(' as ' || merge_commit, '')
              from told
            """
        );
        command.Parameters.Add(new() { Value = change.Forge });
        command.Parameters.Add(new() { Value = change.Repository });
        command.Parameters.Add(new() { Value = change.Number });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = change.Author });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = change.MergedBy });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = change.MergeCommit?.Value });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Keeps what a reviewer said last of a change; an older word never replaces a newer one.</summary>
    public async Task KeepAsync(ForgeNews.Reviewed reviewed, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with told as (
                insert into forge_review as r (forge, repository, number, reviewer, state, told_at)
                values ($1, $2, $3, $4, $5, $6)
                on conflict (forge, repository, number, reviewer) do update
                   set state = excluded.state, told_at = excluded.told_at
                 where r.told_at < excluded.told_at and r.state <> excluded.state
                returning forge, repository, number, reviewer, state
            )
            insert into ledger (at, kind, actor, reason)
            select clock_timestamp(), 'decision', 'webhook/' || forge,
                   repository || ' #' || number || ': ' || state || ' by ' || reviewer
              from told
            """
        );
        var change = reviewed.Change;
        command.Bind(
            change.Forge,
            change.Repository,
            change.Number,
            reviewed.Review.Reviewer,
            Word(reviewed.Review.State),
            reviewed.At.UtcDateTime
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Changes that became one of these commits, with the reviews of each.</summary>
    public async Task<ImmutableArray<ForgeChange>> FindAsync(
        IEnumerable<CommitId> commits,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select c.forge, c.repository, c.number, c.author, c.merged_by, c.merge_commit,
                   coalesce(array_agg(r.reviewer order by r.reviewer) filter (where r.reviewer is not null), '{}'),
                   coalesce(array_agg(r.state order by r.reviewer) filter (where r.reviewer is not null), '{}')
              from forge_change c
              left join forge_review r on (r.forge, r.repository, r.number) = (c.forge, c.repository, c.number)
             where c.merge_commit = any($1)
             group by c.forge, c.repository, c.number
             order by c.forge, c.repository, c.number
            """
        );
        command.Bind((object)commits.Select(commit => commit.Value).ToArray());
        var changes = ImmutableArray.CreateBuilder<ForgeChange>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            changes.Add(
                new(
                    row.GetString(0),
                    row.GetString(1),
                    row.GetInt64(2),
                    row.Text(3),
                    row.Text(4),
                    CommitId.Create(row.GetString(5))
                )
                {
                    Reviews =
                    [
                        .. row.GetFieldValue<string[]>(6)
                            .Zip(row.GetFieldValue<string[]>(7), (who, state) => new ForgeReview(who, State(state))),
                    ],
                }
            );
        }

        return changes.ToImmutable();
    }

    private static string Word(ReviewState state) =>
        state switch
        {
            ReviewState.Approved => "approved",
            ReviewState.Refused => "refused",
            ReviewState.Withdrawn => "withdrawn",
        };

    private static ReviewState State(string word) =>
        word switch
        {
            "approved" => ReviewState.Approved,
            "refused" => ReviewState.Refused,
            _ => ReviewState.Withdrawn,
        };
}
