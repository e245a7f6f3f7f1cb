using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Rollouts;

public sealed partial class RolloutStore
{
    public async Task<ClaimedRollout?> ClaimRolloutAsync(Claim claim, CancellationToken cancellationToken)
    {
        // Claiming sets due_at to infinity, so that a tenant that ends while the decision is made makes it due again.
        await using var command = database.CreateCommand(
            """
            with due as (
                select id from rollout
                 where state = 'running'
                   and case when lease_until is null then due_at <= $3 else lease_until < clock_timestamp() end
                 order by due_at, id
                 limit 1
                   for update skip locked
            )
            update rollout r
               set lease_owner = $1, lease_until = clock_timestamp() + $2, epoch = r.epoch + 1, due_at = 'infinity'
              from due where r.id = due.id
            returning r.id, r.policy, r.superseded_by, r.epoch, r.aborted_by, r.abort_reason,
                      r.start_kind, r.release_class, r.release_risk,
                      exists (select from blocker where owner = 'rollout/' || r.id),
                      (select e.id from emergency e where e.rollout = r.id and e.expires > $3),
                      (select e.overrides from emergency e where e.rollout = r.id and e.expires > $3),
                      r.kind <> 'release'
            """
        );
        Bind(command, claim.Owner, claim.Lease, claim.Now);
        if (await ReadClaimAsync(command, cancellationToken) is not { } taken)
        {
            return null;
        }

        var (waves, firstFailure) = await SummariseAsync(taken.Id, cancellationToken);
        return new ClaimedRollout(
            new RolloutSummary(taken.Id, taken.Policy, waves, taken.Ordered, firstFailure),
            taken.Epoch,
            claim.Owner
        )
        {
            Calendar = taken.Calendar,
        };
    }

    // The reader must be gone before the next command begins: closed late, it would close a connection that somebody else has by then.
    private static async Task<(
        RolloutId Id,
        RolloutPolicy Policy,
        string? Ordered,
        long Epoch,
        RolloutCalendar? Calendar
    )?> ReadClaimAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (
                new RolloutId(reader.GetString(0)),
                StoredJson.Read<RolloutPolicy>(reader.GetString(1)),
                Text(reader, 4) is { } actor ? StopOrder.Aborted(actor, Text(reader, 5))
                : Text(reader, 2) is { } newer ? StopOrder.Superseded(new RolloutId(newer))
                : null,
                reader.GetInt64(3),
                Text(reader, 6) is { } kind
                    ? new RolloutCalendar(
                        Parse<StartKind>(kind),
                        Text(reader, 7),
                        Text(reader, 8),
                        reader.GetBoolean(9)
                    )
                    {
                        IsWithoutRelease = reader.GetBoolean(12),
                        Past = Text(reader, 10) is { } emergency
                            ? OverriddenRules.Of(emergency, reader.GetFieldValue<string[]>(11))
                            : null,
                    }
                    : null
            )
            : null;
    }

    private async Task<(ImmutableArray<WaveSummary> Waves, string? FirstFailure)> SummariseAsync(
        RolloutId rollout,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select wave, site,
                   count(*) filter (where state = 'pending')::int,
                   count(*) filter (where state in ('forward', 'back', 'asking'))::int,
                   count(*) filter (where state = 'ended' and ending = 'completed')::int,
                   count(*) filter (where state = 'ended' and ending = 'completed_with_exception')::int,
                   count(*) filter (where state = 'ended' and ending = 'rolled_back')::int,
                   count(*) filter (where state = 'ended' and ending = 'put_off')::int,
                   count(*) filter (where state = 'ended' and ending = 'untouched')::int,
                   min(ended_at) filter (where state = 'ended' and ending in ('rolled_back', 'put_off', 'completed_with_exception')),
                   (array_agg(tenant || ': ' || reason order by ended_at, ordinal)
                       filter (where state = 'ended' and ending in ('rolled_back', 'put_off', 'completed_with_exception')))[1]
              from upgrade where rollout = $1 group by wave, site order by wave, site
            """
        );
        Bind(command, rollout.Value);
        var rows = new List<SiteNumbers>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(
                new SiteNumbers(
                    reader.GetInt32(0),
                    new OpenTenants(new SiteName(reader.GetString(1)), reader.GetInt32(2), reader.GetInt32(3)),
                    [.. Enumerable.Range(4, 5).Select(reader.GetInt32)],
                    reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9),
                    Text(reader, 10)
                )
            );
        }

        return (
            [.. rows.GroupBy(row => row.Wave).Select(wave => Wave(wave.Key, [.. wave]))],
            rows.Where(row => row.Failure is not null)
                .OrderBy(row => (row.Wave, row.FailedAt))
                .Select(row => row.Failure)
                .FirstOrDefault()
        );
    }

    private static WaveSummary Wave(int number, ImmutableArray<SiteNumbers> sites)
    {
        return new WaveSummary(
            number,
            [.. sites.Select(site => site.Open)],
            Ended(0),
            Ended(1),
            Ended(2),
            Ended(3),
            Ended(4)
        );

        int Ended(int ending) => sites.Sum(site => site.Ended[ending]);
    }

    /// <summary>The numbers of one wave on one site.</summary>
    /// <param name="Ended">By ending, in the order of <see cref="WaveSummary"/>.</param>
    private sealed record SiteNumbers(
        int Wave,
        OpenTenants Open,
        ImmutableArray<int> Ended,
        DateTimeOffset? FailedAt,
        string? Failure
    );

    public async Task<bool> ApplyAsync(
        ClaimedRollout claimed,
        RolloutDecision decision,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var id = claimed.Summary.Id.Value;
        // Upgrades first, then the rollout, as the record of a step locks them.
        var begun =
            decision is RolloutDecision.GoBack
                ? await LockBegunAsync(connection, claimed.Summary.Id, cancellationToken)
                : [];
        if (!await GiveBackAsync(connection, claimed, decision, now, cancellationToken))
        {
            return false;
        }

        switch (decision)
        {
            case RolloutDecision.Start { Chosen: { } chosen }:
                await BeginAsync(connection, claimed, chosen, now, cancellationToken);
                break;
            case RolloutDecision.Start start:
                await BeginAsync(connection, id, start, now, cancellationToken);
                break;
            case RolloutDecision.GoBack back:
                await TurnBackAsync(connection, claimed, begun, back, now, cancellationToken);
                break;
            case RolloutDecision.Stop stop:
                await LeaveUntouchedAsync(connection, id, stop.Reason, now, cancellationToken);
                break;
            case RolloutDecision.Wait:
            case RolloutDecision.Finish:
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        await TellAsync(connection, claimed, decision, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<bool> GiveBackAsync(
        NpgsqlConnection connection,
        ClaimedRollout claimed,
        RolloutDecision decision,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var finish = decision as RolloutDecision.Finish;
        var reason = finish?.Reason ?? (decision as RolloutDecision.Stop)?.Reason;
        await using var command = new NpgsqlCommand(
            """
            with given as (
                update rollout
                   set lease_owner = null, lease_until = null,
                       due_at = case when $5 then $4 else least(due_at, $9::timestamptz) end,
                       state = case when $6::text is null then state else 'ended' end, outcome = $6,
                       ended_at = case when $6::text is null then null else $4 end, reason = coalesce($7, reason)
                 where id = $1 and epoch = $2 and lease_owner = $3
             returning id, release_digest
            ), logged as (
                insert into ledger (at, kind, actor, rollout, epoch, digest, reason)
                select $4, 'decision', $3, id, $2, release_digest, $8 from given where $8::text is not null
            )
            select count(*) from given
            """,
            connection
        );
        Bind(
            command,
            claimed.Summary.Id.Value,
            claimed.Epoch,
            claimed.Owner,
            now,
            decision is RolloutDecision.Stop or RolloutDecision.GoBack,
            finish is null ? null : Name(finish.Outcome),
            reason,
            decision switch
            {
                RolloutDecision.Start start => $"start {start.Tenants} of wave {start.Wave}",
                RolloutDecision.Stop stop => $"stop: {stop.Reason}",
                RolloutDecision.Finish end => $"end {Name(end.Outcome)}: {end.Reason}",
                RolloutDecision.Wait { Decision: { } asked } => $"wait, by the calendars: {asked}",
                RolloutDecision.GoBack back => $"turn back {back.Tenants.Length}, by the calendars",
                _ => null,
            },
            (decision as RolloutDecision.Start)?.Wake ?? (decision as RolloutDecision.Wait)?.Wake
        );
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! == 1;
    }

    private static async Task BeginAsync(
        NpgsqlConnection connection,
        string rollout,
        RolloutDecision.Start start,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        foreach (var site in start.Sites)
        {
            await using var command = new NpgsqlCommand(
                """
                update upgrade set state = 'forward', due_at = $4, started_at = $4
                 where id in (select id from upgrade where rollout = $1 and wave = $2 and site = $5 and state = 'pending'
                              order by ordinal limit $3)
                """,
                connection
            );
            Bind(command, rollout, start.Wave, site.Tenants, now, site.Site.Value);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task LeaveUntouchedAsync(
        NpgsqlConnection connection,
        string rollout,
        string reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            update upgrade set state = 'ended', ending = 'untouched', ended_at = $3, reason = $2
             where rollout = $1 and state = 'pending'
            """,
            connection
        );
        Bind(command, rollout, reason, now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
