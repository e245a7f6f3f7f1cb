using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Recovery;

namespace Tidegate.Drivers.Restores;

/// <summary>Says whether a state of a tenant can be brought, before anything is restored.</summary>
internal sealed class PointJudge(
    SitePostgres site,
    PgBackRest repository,
    RecoveryPlans plans,
    ArchiveFiles archive,
    TenantBackupStore backups
)
{
    // Clocks of backups tell whole seconds only.
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(2);

    public async Task<JudgedPoint> JudgeAsync(JudgePoint question, CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        if (question.Into is { } into && await DatabaseFacts.FindAsync(session, into, cancellationToken) is not null)
        {
            return JudgedPoint.Refused($"there is a database {into} on the site; choose another name for --into.");
        }

        var history = await TenantHistories.ReadAsync(session, question.Database, cancellationToken);
        try
        {
            return (question.Target, RecoveryOf(question.Target)) switch
            {
                (RestoreTarget.Checkpoint, _) => new(null, default, "", null),
                (RestoreTarget.Backup(var id), null) => await BackupAsync(
                    new TenantBackupId(id),
                    question.Tenant,
                    history,
                    cancellationToken
                ),
                (_, var (target, label)) => await MomentAsync(target, label, question, history, cancellationToken),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (JobFailedException refused)
        {
            return JudgedPoint.Refused(refused.Message);
        }
    }

    /// <summary>How the site's cluster is recovered to a target, from which of its backups; null for one that is not of the cluster.</summary>
    public static (RecoveryTarget Target, string? Label)? RecoveryOf(RestoreTarget target) =>
        target switch
        {
            RestoreTarget.Time(var at) => (new RecoveryTarget.Time(at), null),
            RestoreTarget.Lsn(var lsn) => (new RecoveryTarget.Lsn(lsn), null),
            RestoreTarget.Backup(var label) when !label.StartsWith("tb-", StringComparison.Ordinal) => (
                new RecoveryTarget.EndOfBackup(),
                label
            ),
            _ => null,
        };

    private async Task<JudgedPoint> BackupAsync(
        TenantBackupId id,
        TenantName tenant,
        TenantHistory history,
        CancellationToken cancellationToken
    ) =>
        await backups.FindAsync(id, cancellationToken) switch
        {
            { } other when other.Tenant != tenant => JudgedPoint.Refused($"backup {id} is of {other.Tenant}."),
            { ExpiredAt: { } gone } => JudgedPoint.Refused($"backup {id} was removed at {gone:u}."),
            { Verification: { IsGood: false } bad } => JudgedPoint.Refused($"backup {id} is not whole: {bad.Finding}."),
            { } backup => new(
                null,
                backup.TakenAt,
                $"backup {id} of {backup.TakenAt:u}",
                history.At(backup.TakenAt).Upgraded
            ),
            null => JudgedPoint.Refused($"there is no backup {id}."),
        };

    private async Task<JudgedPoint> MomentAsync(
        RecoveryTarget target,
        string? label,
        JudgePoint question,
        TenantHistory history,
        CancellationToken cancellationToken
    )
    {
        var plan = await plans.MakeAsync(
            new SideRestore(new JobId("j-judge"), label, target, [question.Database]),
            cancellationToken
        );
        ImmutableArray<Anchor> anchors =
        [
            .. (await repository.ListAsync(cancellationToken)).Select(backup => new Anchor(
                backup.StoppedAt,
                backup.Stop
            )),
            .. history.Swaps.Select(swap => new Anchor(swap.SwappedAt, WalPosition.Parse(swap.Lsn))),
        ];
        await RefuseGapsAsync(plan, target, anchors, cancellationToken);
        var point = target switch
        {
            RecoveryTarget.Time time => time.At,
            RecoveryTarget.Lsn => anchors
                .Where(anchor => anchor.Lsn <= plan.StopBefore)
                .Select(anchor => anchor.At)
                .Append(plan.Backup.StoppedAt)
                .Max(),
            _ => plan.Backup.StoppedAt,
        };
        var then = target is RecoveryTarget.Time ? history.At(point) : history.At(plan.StopBefore ?? plan.Backup.Stop);
        // Of a place of the log the moment is not known well enough: then the recovered cluster tells.
        if (target is not RecoveryTarget.Lsn && then.Arrived is null)
        {
            await RefuseBeforeItWasAsync(
                then.Oid,
                target is RecoveryTarget.Time ? point : point + Doubt,
                question,
                cancellationToken
            );
        }

        return new(
            null,
            point,
            target switch
            {
                RecoveryTarget.Time => $"its state of {point:u}",
                RecoveryTarget.Lsn lsn => $"its state at {lsn.Value} of the log, not before {point:u}",
                _ => $"its state in backup {plan.Backup.Label} of {point:u}",
            },
            then.Upgraded
        );
    }

    /// <summary>PostgreSQL finds out only after it has replayed up to the gap.</summary>
    private async Task RefuseGapsAsync(
        RecoveryPlan plan,
        RecoveryTarget target,
        ImmutableArray<Anchor> anchors,
        CancellationToken cancellationToken
    )
    {
        var until = target switch
        {
            RecoveryTarget.Time time => anchors
                .Where(anchor => anchor.At > time.At + Doubt)
                .Select(anchor => anchor.Lsn)
                .Append(plan.Until)
                .Min(),
            RecoveryTarget.EndOfBackup => plan.Backup.Stop,
            _ => plan.Until,
        };
        var run = WalContinuity.From(
            plan.Backup,
            await archive.ListAsync(cancellationToken),
            await archive.ForksAsync(plan.Timeline, cancellationToken),
            until.LastSegmentOn(plan.Timeline)
        );
        if (!run.Gaps.IsEmpty)
        {
            throw new JobFailedException(
                $"the archive lacks {string.Join(", ", run.Gaps.Take(3))} of the log between backup {plan.Backup.Label} and that point: it can be replayed only up to there. Go to an earlier point, to a checkpoint, or to a backup."
            );
        }
    }

    // Which file says when a database was made may be asked by the superuser only.
    private async Task RefuseBeforeItWasAsync(
        long oid,
        DateTimeOffset point,
        JudgePoint question,
        CancellationToken cancellationToken
    )
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            SitePostgres.Superuser,
            cancellationToken
        );
        var made = await session.QueryAsync(
            "select (pg_stat_file('base/' || $1::text || '/PG_VERSION', true)).modification",
            [oid.ToString(CultureInfo.InvariantCulture)],
            row => row.IsDBNull(0) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(0),
            cancellationToken
        );
        if (made is [{ } since] && since > point)
        {
            throw new JobFailedException(
                $"{question.Tenant} was not there then: its database {question.Database} was made at {since:u}. Go to a later point."
            );
        }
    }

    /// <summary>A moment of which it is known where the log was.</summary>
    private sealed record Anchor(DateTimeOffset At, WalPosition Lsn);
}
