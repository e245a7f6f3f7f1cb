using Npgsql;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Following;

public sealed partial class SourceStore
{
    /// <summary>
    /// Takes a commit's state: its terms, planned work, pools and tenants, what is left to settle, and the ledger, all of it
    /// or nothing. Without an <paramref name="acceptance"/> it settles what is left of the state in force.
    /// </summary>
    /// <param name="open">What is to be settled beside what was open before.</param>
    /// <returns>Tenants that are left because what they ask for is another's; null when the round is somebody else's: nothing was changed.</returns>
    public async Task<IReadOnlyList<FleetConflict>?> SettleAsync(
        ClaimedSource claimed,
        Acceptance? acceptance,
        IReadOnlyCollection<UnsettledObject> open,
        SettlingPlan plan,
        SettlingNote note,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await LockAsync(connection, claimed, acceptance?.Commit, cancellationToken))
        {
            return null;
        }

        if (acceptance is not null)
        {
            await TakeAsync(connection, acceptance, note.Now, cancellationToken);
        }

        var conflicts = await FleetStore.WriteAsync(connection, plan.Pools, plan.Tenants, cancellationToken);
        var left = conflicts.Select(conflict => UnsettledObject.Of(conflict.Tenant)).ToHashSet();
        await NoteAsync(connection, open, [.. plan.Settled.Where(each => !left.Contains(each))], cancellationToken);
        await WriteLedgerAsync(
            connection,
            [
                .. plan.Pools.Select(pool => (Tenant: (string?)null, What: $"pool {pool.Name} set")),
                .. plan
                    .Tenants.Where(tenant => !left.Contains(UnsettledObject.Of(tenant.Name)))
                    .Select(tenant => (Tenant: (string?)tenant.Name.Value, What: $"tenant {tenant.Name} set")),
            ],
            note,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return conflicts;
    }

    /// <summary>What the state in force still has to settle.</summary>
    public async Task<IReadOnlyCollection<UnsettledObject>> UnsettledAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select kind, name from unsettled order by kind, name");
        var open = new List<UnsettledObject>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            open.Add(new(row.GetString(0) is "pool" ? UnsettledKind.Pool : UnsettledKind.Tenant, row.GetString(1)));
        }

        return open;
    }

    /// <summary>Nobody else writes to the source until this transaction ends; false when the round is somebody else's.</summary>
    private static async Task<bool> LockAsync(
        NpgsqlConnection connection,
        ClaimedSource claimed,
        GoodCommit? commit,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            update source
               set good_commit = coalesce($2, good_commit), good_author = coalesce($3, good_author),
                   good_subject = coalesce($4, good_subject), good_committed_at = coalesce($5, good_committed_at),
                   good_at = coalesce($6, good_at),
                   waived_commit = case when $2 is null then waived_commit end,
                   waived_by = case when $2 is null then waived_by end
             where epoch = $1 and lease_until > clock_timestamp()
            """,
            connection
        );
        command.Parameters.Add(new() { Value = claimed.Epoch });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = commit?.Id.Value });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = commit?.Author });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = commit?.Subject });
        command.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = commit?.CommittedAt.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = commit?.AcceptedAt.UtcDateTime });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static async Task TakeAsync(
        NpgsqlConnection connection,
        Acceptance acceptance,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await WriteLedgerAsync(
            connection,
            [
                (null, $"state taken: {acceptance.Summary}"),
                .. acceptance
                    .Terms.Where(terms => terms.Expedited is not null)
                    .Select(terms =>
                        (
                            (string?)null,
                            $"{terms.Release?.Name} in {terms.Environment} waits less, as a security fix ({terms.Expedited})"
                        )
                    ),
            ],
            new(acceptance.Commit, now),
            cancellationToken
        );
        await TakenRangeStore.AddAsync(connection, acceptance.Range, now, cancellationToken);
        await EnvironmentTermsStore.ApplyAsync(connection, acceptance.Terms, acceptance.Gone, cancellationToken);
        await ObjectiveStore.ReplaceAsync(connection, acceptance.Objectives, cancellationToken);
        await BackupTermsStore.ReplaceAsync(connection, acceptance.Protection, cancellationToken);
        await StagingStore.ReplaceAsync(connection, acceptance.Staging, cancellationToken);
        await CalendarStore.ReplaceAsync(connection, acceptance.Calendars, now, cancellationToken);
        await RolloutStore.WakeAsync(connection, now, cancellationToken);
        await PlannedWorkStore.WakeAsync(connection, now, cancellationToken);
        await KeepReleasesAsync(connection, acceptance, now, cancellationToken);
        if (acceptance.Quiet.Length > 0)
        {
            await PlannedWorkStore.DropAsync(connection, acceptance.Quiet, now, cancellationToken);
        }

        if (acceptance.Asked.Length > 0)
        {
            await PlannedWorkStore.AskAsync(connection, acceptance.Asked, now, cancellationToken);
        }
    }

    private static async Task KeepReleasesAsync(
        NpgsqlConnection connection,
        Acceptance acceptance,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            insert into asked_release (name, digest, environment, commit, asked_at)
            select name, digest, environment, $4, $5
              from unnest($1::text[], $2::text[], $3::text[]) as r (name, digest, environment)
            on conflict (name) do nothing
            """,
            connection
        );
        command.Bind(
            acceptance.Releases.Select(release => release.Name.Value).ToArray(),
            acceptance.Releases.Select(release => release.Digest.Value).ToArray(),
            acceptance.Releases.Select(release => release.Environment.Value).ToArray(),
            acceptance.Commit.Id.Value,
            now.ToUniversalTime()
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task NoteAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<UnsettledObject> open,
        IReadOnlyCollection<UnsettledObject> settled,
        CancellationToken cancellationToken
    )
    {
        // What is settled at once never was open.
        var left = open.Except(settled).ToList();
        await using var command = new NpgsqlCommand(
            """
            with gone as (
                delete from unsettled u using unnest($3::text[], $4::text[]) as s (kind, name)
                 where (u.kind, u.name) = (s.kind, s.name)
            )
            insert into unsettled (kind, name) select * from unnest($1::text[], $2::text[]) on conflict do nothing
            """,
            connection
        );
        command.Bind(
            left.Select(Kind).ToArray(),
            left.Select(each => each.Name).ToArray(),
            settled.Select(Kind).ToArray(),
            settled.Select(each => each.Name).ToArray()
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task WriteLedgerAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<(string? Tenant, string What)> rows,
        SettlingNote note,
        CancellationToken cancellationToken
    )
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            """
            insert into ledger (at, kind, actor, tenant, reason)
            select $1, 'decision', $2, tenant, what || ', as commit ' || $3 || ' of ' || $4 || ' says'
              from unnest($5::text[], $6::text[]) as r (tenant, what)
            """,
            connection
        );
        command.Bind(
            note.Now.ToUniversalTime(),
            Actor,
            note.Commit.Id.Value,
            note.Commit.Author,
            rows.Select(row => row.Tenant).ToArray(),
            rows.Select(row => row.What).ToArray()
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Kind(UnsettledObject each) => each.Kind is UnsettledKind.Pool ? "pool" : "tenant";
}

/// <summary>For the ledger: on whose word, and when.</summary>
public sealed record SettlingNote(GoodCommit Commit, DateTimeOffset Now);
