using Dapper;
using Npgsql;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Rollouts as people read them. Reads only.</summary>
public sealed class RolloutViewStore(NpgsqlDataSource database)
{
    /// <summary>The newest rollouts of releases first, at most <paramref name="most"/> of those that whoever asks may see.</summary>
    public async Task<IReadOnlyList<RolloutListItem>> ListAsync(
        Visible visible,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<ListRow>(
            new CommandDefinition(
                """
                select id, release_name as release, environment, state, outcome, reason, created_at as createdat
                  from rollout
                 where kind = 'release' and (@environments::text[] is null or environment = any(@environments))
                 order by created_at desc, id limit @most
                """,
                new { most, environments = visible.Environments },
                cancellationToken: cancellationToken
            )
        );
        return
        [
            .. rows.Select(row => new RolloutListItem(
                row.Id,
                row.Release,
                row.Environment,
                row.State,
                row.Outcome,
                row.Reason,
                Utc(row.CreatedAt)
            )),
        ];
    }

    /// <summary>One rollout with its tenants and their finished steps, or null.</summary>
    public async Task<RolloutView?> FindAsync(string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var answers = await connection.QueryMultipleAsync(
            new CommandDefinition(
                """
                select id, release_name as release, release_digest as digest, environment, plan_hash as planhash, state,
                       outcome, reason, started_by as startedby, created_at as createdat, ended_at as endedat,
                       aborted_by as abortedby, superseded_by as supersededby
                  from rollout where id = @id;

                select u.id, u.tenant, u.target ->> 'pool' as pool, u.wave, u.state,
                       case u.state when 'forward' then u.steps -> u.position ->> 'kind'
                                    when 'back' then u.back -> u.position ->> 'kind'
                                    when 'asking' then
                                        case when u.ending in ('rolled_back', 'put_off') then u.back else u.steps end
                                        -> u.position ->> 'kind' end as step,
                       u.step_started_at as stepstartedat, u.ending, u.reason, u.evidence,
                       case when u.ending in ('completed', 'completed_with_exception')
                            then u.target #>> '{to,name}' else u.target #>> '{from,name}' end as releaseafter
                  from upgrade u where u.rollout = @id order by u.wave, u.ordinal;

                select s.upgrade, s.step as kind, min(s.started_at) as startedat, max(s.ended_at) as endedat,
                       (array_agg(s.outcome order by s.id desc))[1] as outcome,
                       (array_agg(s.summary order by s.id desc))[1] as summary
                  from step_run s join upgrade u on u.id = s.upgrade
                 where u.rollout = @id and s.ended_at is not null
                 group by s.upgrade, s.step order by max(s.id);
                """,
                new { id },
                cancellationToken: cancellationToken
            )
        );
        var rollout = await answers.ReadSingleOrDefaultAsync<RolloutRow>();
        if (rollout is null)
        {
            return null;
        }

        var upgrades = (await answers.ReadAsync<UpgradeRow>()).ToList();
        var steps = (await answers.ReadAsync<StepRow>()).ToLookup(step => step.Upgrade, StringComparer.Ordinal);
        return new RolloutView(
            rollout.Id,
            rollout.Release,
            rollout.Digest,
            rollout.Environment,
            rollout.PlanHash,
            rollout.State,
            rollout.Outcome,
            rollout.Reason,
            rollout.StartedBy,
            Utc(rollout.CreatedAt),
            rollout.EndedAt is { } ended ? Utc(ended) : null,
            [.. upgrades.Select(upgrade => View(upgrade, [.. steps[upgrade.Id]], now))],
            rollout.AbortedBy,
            rollout.SupersededBy
        );
    }

    private static UpgradeView View(UpgradeRow upgrade, IReadOnlyList<StepRow> steps, DateTimeOffset now) =>
        new(
            upgrade.Id,
            upgrade.Tenant,
            upgrade.Pool,
            upgrade.Wave,
            upgrade.State,
            upgrade.Step,
            upgrade.StepStartedAt is { } started ? Utc(started) : null,
            upgrade.Ending,
            upgrade.Reason,
            upgrade.Evidence,
            HoldSeconds(upgrade, steps, now),
            upgrade.ReleaseAfter,
            [
                .. steps.Select(step => new StepView(
                    step.Kind,
                    Utc(step.StartedAt),
                    (step.EndedAt - step.StartedAt).TotalSeconds,
                    step.Outcome,
                    step.Summary
                )),
            ]
        );

    private static double? HoldSeconds(UpgradeRow upgrade, IReadOnlyList<StepRow> steps, DateTimeOffset now)
    {
        var hold = steps.FirstOrDefault(step => step.Kind is "hold");
        var begun = hold?.StartedAt ?? (upgrade.Step is "hold" ? upgrade.StepStartedAt : null);
        var ended = steps.LastOrDefault(step => step.Kind is "open" or "reopen" && step.Outcome is "done")?.EndedAt;
        return begun is null ? null : ((ended is { } end ? Utc(end) : now) - Utc(begun.Value)).TotalSeconds;
    }

    private static DateTimeOffset Utc(DateTime instant) => new(DateTime.SpecifyKind(instant, DateTimeKind.Utc));

    private sealed record ListRow(
        string Id,
        string Release,
        string Environment,
        string State,
        string? Outcome,
        string? Reason,
        DateTime CreatedAt
    );

    private sealed record RolloutRow(
        string Id,
        string Release,
        string Digest,
        string Environment,
        string PlanHash,
        string State,
        string? Outcome,
        string? Reason,
        string StartedBy,
        DateTime CreatedAt,
        DateTime? EndedAt,
        string? AbortedBy,
        string? SupersededBy
    );

    private sealed record UpgradeRow(
        string Id,
        string Tenant,
        string Pool,
        int Wave,
        string State,
        string? Step,
        DateTime? StepStartedAt,
        string? Ending,
        string? Reason,
        string? Evidence,
        string ReleaseAfter
    );

    private sealed record StepRow(
        string Upgrade,
        string Kind,
        DateTime StartedAt,
        DateTime EndedAt,
        string Outcome,
        string? Summary
    );
}
