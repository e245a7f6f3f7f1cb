using System.Globalization;
using Npgsql;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Journeys;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Rehearsals;

/// <summary>What a rehearsal works with.</summary>
internal sealed record RehearsalTools(
    HarmlessCopy Copies,
    ProcessLauncher Launcher,
    Evidence Evidence,
    RehearseTenant Job,
    TimeProvider Clock
)
{
    public Task<string> NeutraliseAsync(
        CopyDatabase copy,
        ControlPlane.Fleet.ReleaseDigest release,
        CopyIdentity known,
        CancellationToken cancellationToken
    ) => Copies.NeutraliseAsync(copy, release, Job.Accepted, known, cancellationToken);
}

/// <summary>
/// Does a tenant's whole upgrade on a neutralised copy out of its newest backup. What it finds against the release is
/// its result, not its failure; it fails where there was nothing to rehearse on.
/// </summary>
internal sealed class RehearsalHandler(
    SiteLayout layout,
    RehearsalHomes homes,
    HarmlessCopy copies,
    ProcessLauncher launcher,
    IRehearsalRecords records,
    TimeProvider clock
) : JobHandler<RehearseTenant, RehearsalRecord>(RehearseTenant.Kind)
{
    protected override async Task<RehearsalRecord> RunAsync(
        RehearseTenant job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        if (await records.FindAsync(claimed.Id, cancellationToken) is { } done)
        {
            return done; // whoever had it before us came to its end, and not to saying so
        }

        var (steps, started) = (new RehearsalSteps(context, clock), clock.GetUtcNow());
        var home = await homes.MakeAsync(claimed.Id, cancellationToken);
        var (cluster, source) = await steps.DoAsync(
            "restore",
            "restoring the newest backup",
            async () =>
            {
                var restored = await copies.RestoreAsync(job.Target, claimed.Id, steps.TellAsync, cancellationToken);
                return (restored, $"backup {restored.Source.Label}, replayed to {restored.Source.ReachedLsn}");
            },
            cancellationToken
        );
        home = home with { Postgres = cluster.Postgres };
        var fingerprint = await FingerprintAsync(home, job.Target, cancellationToken);
        var (rehearsal, refusal) = await RehearseAsync(
            (job, claimed, home, source),
            steps,
            async () =>
            {
                var known = await steps.DoAsync(
                    "neutralise",
                    "neutralising the copy",
                    () => copies.NeutraliseAsync(cluster, job.Target, job.Accepted, cancellationToken),
                    cancellationToken
                );
                var password = await steps.DoAsync(
                    "mask",
                    "masking the copy",
                    () => copies.MaskAsync(cluster, job.Target, home, cancellationToken),
                    cancellationToken
                );
                return new PreparedCopy(cluster, source, known, password);
            },
            cancellationToken
        );
        var record = new RehearsalRecord(
            claimed.Id,
            job.Target.Tenant,
            claimed.Site,
            job.Target.From,
            job.Target.To,
            job.Target.Modules,
            fingerprint,
            source,
            started,
            clock.GetUtcNow(),
            refusal is null,
            refusal ?? Conclusion(rehearsal!),
            steps.All,
            rehearsal?.Seen,
            rehearsal?.Class,
            rehearsal?.WayBack,
            rehearsal?.Parts,
            home.Isolation
        );
        await records.SaveAsync(record, cancellationToken);
        return record;
    }

    protected override Task CleanUpAsync(RehearseTenant job, ClaimedJob claimed, CancellationToken cancellationToken) =>
        homes.RemoveAsync(claimed.Id, cancellationToken);

    /// <summary>What speaks against the release is told; what speaks against the rehearsal itself fails the job.</summary>
    private async Task<(Rehearsal? Rehearsal, string? Refusal)> RehearseAsync(
        (RehearseTenant Job, ClaimedJob Claimed, RehearsalHome Home, RehearsalSource Source) what,
        RehearsalSteps steps,
        Func<Task<PreparedCopy>> prepare,
        CancellationToken cancellationToken
    )
    {
        Rehearsal? rehearsal = null;
        try
        {
            rehearsal = new(
                what.Home,
                RehearsalHomes.ContextOf(what.Job.Target, what.Claimed.Id, what.Claimed.Epoch, clock.GetUtcNow()),
                await prepare(),
                steps,
                new(copies, launcher, new(layout.EvidenceOf(what.Claimed.Id)), what.Job, clock)
            );
            return (rehearsal, await rehearsal.RunAsync(cancellationToken));
        }
        catch (Exception refused)
            when (refused
                    is CopyRefusedException
                        or JourneyException
                        or MigratorUnreachableException
                        or ProcessStartException
            )
        {
            return (rehearsal, refused.Message.TrimEnd('.'));
        }
    }

    private static async Task<string> FingerprintAsync(
        RehearsalHome home,
        UpgradeTarget target,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var session = await home.Postgres.OpenAsync(
                target.Database,
                SitePostgres.Superuser,
                cancellationToken
            );
            return RehearsalValidity.Fingerprint(
                await session.QueryAsync(
                    // As observations of tenants have it, with which it is compared.
                    "select name::text, coalesce(latest_version, '')::text from ir_module_module where state = 'installed'",
                    [],
                    row => KeyValuePair.Create(row.GetString(0), (string?)row.GetString(1)),
                    cancellationToken
                )
            );
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            throw new JobFailedException(
                $"database {target.Database} of {target.Tenant} is not an Odoo database in the backup: it has no table ir_module_module.",
                missing
            );
        }
    }

    private static string Conclusion(Rehearsal rehearsal) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"class {rehearsal.Class!.Class}, {Findings(rehearsal)}; back by the image alone: {(rehearsal.WayBack!.ImageOnly ? "proven" : "no")}"
        );

    private static string Findings(Rehearsal rehearsal) =>
        rehearsal.Seen!.Findings.Length == 1 ? "1 finding" : $"{rehearsal.Seen.Findings.Length} findings";
}
