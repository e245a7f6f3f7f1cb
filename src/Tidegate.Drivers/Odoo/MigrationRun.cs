using System.Globalization;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Odoo;

/// <summary>
/// One migration of one copy, from start to evidence. A job's name holds upgrade, copy (its OID) and epoch, so that
/// whoever comes later knows which copy a result speaks of and who asked for it.
/// </summary>
internal sealed class MigrationRun(SiteLayout layout, IMigrator migrator, TimeProvider clock)
{
    /// <summary>Runs the job and waits for its end; over the bound it is killed and has failed.</summary>
    public async Task<StepOutcome> MigrateAsync(
        Migrate step,
        StepContext context,
        long oid,
        CancellationToken cancellationToken
    )
    {
        var request = Request(step, context, oid);
        using var bound = new CancellationTokenSource(step.Bound, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            var result = await migrator.MigrateAsync(request, either.Token);
            return await ConcludeAsync(context, request.Files, result, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await EndAsync(context, cancellationToken);
            await KeepAsync(context, request.Files, cancellationToken);
            return Failed(context, $"it did not end within {step.Bound.TotalSeconds:0} s and was killed");
        }
        catch (MigratorUnreachableException unreachable)
        {
            return Failed(context, unreachable.Message.TrimEnd('.'));
        }
    }

    /// <summary>What an earlier run on this very copy came to, or null when there is nothing to go by.</summary>
    public async Task<StepOutcome?> FindAsync(StepContext context, long oid, CancellationToken cancellationToken)
    {
        var mine = Id(context, oid);
        foreach (
            var files in JobFiles.Ended(layout, context.Target.Pool, context.Target.To.Digest, Prefix(context, oid))
        )
        {
            if (
                await JobResult.FindAsync(files.Result, cancellationToken) is { } result
                && (result.IsClean || string.Equals(result.Id, mine, StringComparison.Ordinal))
            )
            {
                return await ConcludeAsync(context, files, result, cancellationToken);
            }
        }

        return null;
    }

    /// <summary>Kills whatever still migrates this tenant's copy.</summary>
    public Task EndAsync(StepContext context, CancellationToken cancellationToken) =>
        migrator.EndAsync(
            context.Target.Pool,
            context.Target.To.Digest,
            DatabaseNames.Next(context.Target.Database),
            context.Epoch,
            cancellationToken
        );

    private async Task<StepOutcome> ConcludeAsync(
        StepContext context,
        JobFiles files,
        JobResult result,
        CancellationToken cancellationToken
    )
    {
        var evidence = EvidenceFiles.Of(layout, context);
        await evidence.WriteAsync(EvidenceFiles.Migration, result, cancellationToken);
        await KeepAsync(context, files, cancellationToken);
        if (result.IsClean)
        {
            return new StepOutcome.Done(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"modules updated in {result.WallS:0.0} s ({result.CpuS:0.0} s of processor time)"
                )
            );
        }

        var log = await MigrationLog.FindAsync(evidence.PathOf(EvidenceFiles.MigrationLog), cancellationToken);
        return Failed(context, ProcessQuestions.Answer(result, log).Sentence);
    }

    /// <summary>The log leaves the pool's folder, which its release may write to, for the evidence.</summary>
    private async Task KeepAsync(StepContext context, JobFiles files, CancellationToken cancellationToken)
    {
        if (File.Exists(files.Log))
        {
            await EvidenceFiles.Of(layout, context).CopyAsync(EvidenceFiles.MigrationLog, files.Log, cancellationToken);
        }
    }

    private static StepOutcome.Failed Failed(StepContext context, string why) =>
        new(
            $"The migration of {context.Target.Tenant} to {context.Target.To.Name} failed: {why}.",
            EvidenceFiles.Place(context, EvidenceFiles.MigrationLog)
        );

    private MigrationRequest Request(Migrate step, StepContext context, long oid)
    {
        var id = Id(context, oid);
        return new(
            id,
            context.Target.Tenant,
            DatabaseNames.Next(context.Target.Database),
            step.Modules,
            context.Epoch,
            JobFiles.Of(layout, context.Target.Pool, context.Target.To.Digest, id)
        );
    }

    private static string Prefix(StepContext context, long oid) =>
        string.Create(CultureInfo.InvariantCulture, $"{context.Upgrade}-{oid}-");

    private static string Id(StepContext context, long oid) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix(context, oid)}{context.Epoch}");
}
