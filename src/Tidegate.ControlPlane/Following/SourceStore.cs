using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Following;

/// <summary>The followed repository in PostgreSQL: which one, where it stands, who follows it now. One, or none.</summary>
public sealed partial class SourceStore(NpgsqlDataSource database) : IFleetAuthority
{
    /// <summary>Who decides, in the ledger.</summary>
    internal const string Actor = "following";

    private const string Columns = """
        s.repository, s.branch, s.folder, s.secret, s.webhook_secret, s.poll_every, s.followed_at, s.followed_by,
        s.good_commit, s.good_author, s.good_subject, s.good_committed_at, s.good_at,
        s.head, s.asked_at, s.failures, s.failing_since, s.waived_commit
        """;

    /// <summary>Null while no repository is followed.</summary>
    public async Task<FollowedSource?> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select {Columns} from source s");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : null;
    }

    /// <inheritdoc />
    public async Task<string?> RepositoryAsync(CancellationToken cancellationToken) =>
        (await FindAsync(cancellationToken))?.Address.Repository;

    /// <summary>
    /// Follows a repository, with its ledger entry; a round is due at once. Of the one that is followed already secret,
    /// webhook secret and interval change, and its state stays.
    /// </summary>
    /// <returns>Null, or the other repository, branch or folder that is followed: nothing was changed then.</returns>
    public async Task<SourceAddress?> FollowAsync(FollowOrder order, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with followed as (
                insert into source as s (repository, branch, folder, secret, webhook_secret, poll_every, followed_at, followed_by)
                values ($1, $2, $3, $4, $5, $6, $7, $8)
                on conflict (id) do update
                   set secret = $4, webhook_secret = $5, poll_every = $6, due_at = clock_timestamp()
                 where (s.repository, s.branch, s.folder) = ($1, $2, $3)
                returning id
            )
            insert into ledger (at, kind, actor, reason)
            select $7, 'command', $8, 'follow ' || $1 || ', branch ' || $2
                   || case when $3 = '' then '' else ', folder ' || $3 end
              from followed
            """
        );
        var address = order.Address;
        command.Bind(
            address.Repository,
            address.Branch,
            address.Folder,
            address.Secret,
            order.WebhookSecret,
            order.Interval,
            order.Now.ToUniversalTime(),
            order.Actor
        );
        command.Parameters[3].NpgsqlDbType = command.Parameters[4].NpgsqlDbType = NpgsqlDbType.Text;
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1
            ? null
            : (await FindAsync(cancellationToken))?.Address;
    }

    /// <summary>
    /// Follows nothing any more: git's terms of environments go, what was planned and has not begun is dropped, and what
    /// runs stays as it is. Releases that were asked for keep their digests.
    /// </summary>
    /// <returns>False when nothing was followed.</returns>
    public async Task<bool> UnfollowAsync(
        string actor,
        string? reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var gone = await RemoveAsync(connection, actor, reason, now, cancellationToken);
        if (gone is null)
        {
            return false;
        }

        await Promotion.PlannedWorkStore.DropAsync(connection, gone, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>A person takes the commit at which the branch stands, although history was written anew, or as the first; with its ledger entry. A round is due at once.</summary>
    /// <returns>False when the branch does not stand there, or that commit was taken already.</returns>
    public async Task<bool> WaiveAsync(
        CommitId commit,
        string actor,
        string reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with waived as (
                update source set waived_commit = $1, waived_by = $2, due_at = clock_timestamp()
                 where head = $1 and good_commit is distinct from $1
                returning good_commit
            )
            insert into ledger (at, kind, actor, reason)
            select $4, 'command', $2,
                   'accept commit ' || $1 || coalesce(', not after ' || good_commit, ' as the first') || ': ' || $3
              from waived
            """
        );
        command.Bind(commit.Value, actor, reason, now.ToUniversalTime());
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Every release that an environment ever asked for, with its digest.</summary>
    public async Task<ImmutableDictionary<ReleaseName, ReleaseDigest>> AskedReleasesAsync(
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand("select name, digest from asked_release");
        var asked = ImmutableDictionary.CreateBuilder<ReleaseName, ReleaseDigest>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            asked.Add(new ReleaseName(row.GetString(0)), ReleaseDigest.Create(row.GetString(1)));
        }

        return asked.ToImmutable();
    }

    /// <returns>The environments that git said something of; null when nothing was followed.</returns>
    private static async Task<IReadOnlyCollection<EnvironmentName>?> RemoveAsync(
        NpgsqlConnection connection,
        string actor,
        string? reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            with removed as (delete from source returning repository)
            , forgotten as (delete from unsettled)
            , objectives as (delete from recovery_objective)
            , calendars as (delete from calendar_in_force)
            , woken as (update rollout set due_at = least(due_at, $1) where state = 'running')
            , protection as (delete from site_backup_terms)
            , terms as (delete from environment_terms returning environment)
            , entry as (
                insert into ledger (at, kind, actor, reason)
                select $1, 'command', $2, 'unfollow ' || repository || coalesce(': ' || $3, '') from removed
            )
            select null::text from removed union all select environment from terms
            """,
            connection
        );
        command.Bind(now.ToUniversalTime(), actor, reason);
        command.Parameters[2].NpgsqlDbType = NpgsqlDbType.Text;
        var environments = new List<EnvironmentName>();
        var wasFollowed = false;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            if (row.Text(0) is { } environment)
            {
                environments.Add(new EnvironmentName(environment));
            }
            else
            {
                wasFollowed = true;
            }
        }

        return wasFollowed ? environments : null;
    }

    /// <summary>A row that begins with <see cref="Columns"/>.</summary>
    private static FollowedSource Read(NpgsqlDataReader row) =>
        new(
            new(row.GetString(0), row.GetString(1), row.GetString(2), row.Text(3)),
            row.Text(4),
            row.GetTimeSpan(5),
            row.GetFieldValue<DateTimeOffset>(6),
            row.GetString(7)
        )
        {
            Good = row.IsDBNull(8)
                ? null
                : new(
                    CommitId.Create(row.GetString(8)),
                    row.GetString(9),
                    row.GetString(10),
                    row.GetFieldValue<DateTimeOffset>(11),
                    row.GetFieldValue<DateTimeOffset>(12)
                ),
            Head = Commit(row.Text(13)),
            AskedAt = row.Instant(14),
            Failures = row.GetInt32(15),
            FailingSince = row.Instant(16),
            Waived = Commit(row.Text(17)),
        };

    private static CommitId? Commit(string? text) => text is null ? null : CommitId.Create(text);
}
