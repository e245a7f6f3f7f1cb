using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

public sealed partial class RolloutStore
{
    private const string CandidateColumns = """
        select u.id, u.tenant, u.site, coalesce(t.pool, u.target ->> 'pool'), coalesce(t.time_zone, 'UTC'), u.need,
               o.environment, coalesce(t.tags, '{}')
          from upgrade u join rollout o on o.id = u.rollout left join tenant t on t.name = u.tenant

        """;

    public Task<IReadOnlyList<StartCandidate>> PendingAsync(
        ClaimedRollout rollout,
        int wave,
        CancellationToken cancellationToken
    ) =>
        CandidatesAsync(
            rollout,
            "where u.rollout = $1 and u.wave = $2 and u.state = 'pending' order by u.ordinal",
            cancellationToken,
            wave
        );

    public Task<IReadOnlyList<StartCandidate>> UnderWayAsync(
        ClaimedRollout rollout,
        CancellationToken cancellationToken
    ) =>
        CandidatesAsync(
            rollout,
            """
            where u.rollout = $1 and u.state = 'forward'
              and not exists (select from step_run s where s.upgrade = u.id and s.step = 'open')
            order by u.wave, u.ordinal
            """,
            cancellationToken
        );

    public async Task<IReadOnlyDictionary<string, int>> StartedAsync(
        IReadOnlyCollection<string> openings,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select opening, count(*)::int from upgrade, unnest(openings) as opening
             where openings && $1 and opening = any($1) group by opening
            """
        );
        Bind(command, openings.ToList());
        var started = new Dictionary<string, int>(StringComparer.Ordinal);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            started.Add(row.GetString(0), row.GetInt32(1));
        }

        return started;
    }

    /// <summary>Whatever waits is decided anew: calendars have changed. Inside the caller's transaction.</summary>
    public static async Task WakeAsync(
        NpgsqlConnection connection,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "update rollout set due_at = least(due_at, $1) where state = 'running' and start_kind is not null",
            connection
        );
        Bind(command, now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<StartCandidate>> CandidatesAsync(
        ClaimedRollout rollout,
        string tail,
        CancellationToken cancellationToken,
        params object[] more
    )
    {
        await using var command = database.CreateCommand(CandidateColumns + tail);
        Bind(command, [rollout.Summary.Id.Value, .. more]);
        var candidates = new List<StartCandidate>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            candidates.Add(
                new(
                    new UpgradeId(row.GetString(0)),
                    new CalendarTarget(
                        new TenantName(row.GetString(1)),
                        new EnvironmentName(row.GetString(6)),
                        new SiteName(row.GetString(2)),
                        new PoolName(row.GetString(3)),
                        row.GetFieldValue<string[]>(7).ToImmutableHashSet(StringComparer.Ordinal),
                        CalendarText.Zone(row.GetString(4)),
                        rollout.Calendar?.Class,
                        rollout.Calendar?.Risk
                    )
                    {
                        IsWithoutRelease = rollout.Calendar is { IsWithoutRelease: true },
                    },
                    row.GetTimeSpan(5)
                )
            );
        }

        return candidates;
    }

    /// <summary>Begins these, each with the decision of calendars that let it: it can be made again from the ledger.</summary>
    private static async Task BeginAsync(
        NpgsqlConnection connection,
        ClaimedRollout rollout,
        ImmutableArray<ChosenStart> chosen,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            with wanted as (
                select * from unnest($1::text[], $2::text[], $3::text[]) as w (id, openings, decision)
            ), begun as (
                update upgrade u
                   set state = 'forward', due_at = $4, started_at = $4,
                       openings = nullif(string_to_array(w.openings, chr(10)), '{}')
                  from wanted w where u.id = w.id and u.state = 'pending'
             returning u.id, u.tenant, u.target #>> '{to,digest}' as digest, w.decision
            )
            insert into ledger (at, kind, actor, rollout, upgrade, tenant, epoch, digest, reason)
            select $4, 'decision', $5, $6, id, tenant, $7, digest, 'may start, by the calendars: ' || decision from begun
             where decision is not null
            """,
            connection
        );
        Bind(
            command,
            chosen.Select(each => each.Id.Value).ToList(),
            chosen.Select(each => string.Join('\n', each.Openings)).ToList(),
            chosen.Select(each => each.Decision?.ToString()).ToList(),
            now,
            rollout.Owner,
            rollout.Summary.Id.Value,
            rollout.Epoch
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>As an abort moves them: who carries out a step of theirs finds that its record comes too late.</summary>
    private static async Task TurnBackAsync(
        NpgsqlConnection connection,
        ClaimedRollout rollout,
        ImmutableArray<(Upgrade Upgrade, bool HasBegunToOpen)> begun,
        RolloutDecision.GoBack back,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var turned = back.Tenants.ToDictionary(each => each.Id);
        foreach (var (upgrade, hasBegunToOpen) in begun)
        {
            if (!turned.TryGetValue(upgrade.Id, out var why))
            {
                continue;
            }

            var moved = UpgradeDecider.Abort(upgrade, hasBegunToOpen, why.Reason, now);
            if (moved == upgrade)
            {
                continue;
            }

            await MoveAsync(connection, moved, cancellationToken);
            await using var entry = new NpgsqlCommand(
                """
                insert into ledger (at, kind, actor, rollout, upgrade, tenant, epoch, digest, reason)
                values ($1, 'decision', $2, $3, $4, $5, $6, $7, 'goes back, by the calendars: ' || $8)
                """,
                connection
            );
            Bind(
                entry,
                now,
                rollout.Owner,
                rollout.Summary.Id.Value,
                upgrade.Id.Value,
                upgrade.Target.Tenant.Value,
                rollout.Epoch,
                upgrade.Target.To.Digest.Value,
                why.Decision.ToString()
            );
            await entry.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Says why nobody begins, or that this is over.</summary>
    private static async Task TellAsync(
        NpgsqlConnection connection,
        ClaimedRollout rollout,
        RolloutDecision decision,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<Blocker> blockers = decision is RolloutDecision.Wait wait ? wait.Blockers : [];
        if (!blockers.IsEmpty || rollout.Calendar is { IsTold: true })
        {
            await BlockerStore.WriteAsync(
                connection,
                $"rollout/{rollout.Summary.Id}",
                blockers,
                now,
                cancellationToken
            );
        }
    }
}
