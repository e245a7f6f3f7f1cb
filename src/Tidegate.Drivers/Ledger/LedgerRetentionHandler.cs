using System.Globalization;
using System.Security.Cryptography;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Ledger;
using Tidegate.ControlPlane.LedgerRetention;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Ledger;

/// <summary>
/// Lets go of what old entries say. First everything up to there is written out and checked as it lies there, then it is
/// announced, as a signed entry that every witness has to have, and only then removed. Whoever is killed between is
/// followed by a run that goes on.
/// </summary>
internal sealed class LedgerRetentionHandler(
    BackupPlaces places,
    LedgerRetentionDesk desk,
    LedgerRetentionStore retention,
    LedgerStore ledger,
    LedgerRetentionSurroundings surroundings
) : JobHandler<RunLedgerRetention, LedgerRetentionDone>(LedgerRetentionJobs.Run)
{
    private const int AtOnce = 5_000;

    protected override async Task<LedgerRetentionDone> RunAsync(
        RunLedgerRetention job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        if (
            await ledger.LastDropAsync(cancellationToken) is { } last
            && await retention.IsUnfinishedAsync(last, cancellationToken)
        )
        {
            return await CarryOutAsync(last, job.Actor, "an earlier run was finished", context, cancellationToken);
        }

        var (facts, plan, found) = await desk.PlanAsync(cancellationToken);
        if (facts.KeepDays is null)
        {
            throw new JobFailedException($"{plan.Why}; tidegate ledger retention set --keep 730d sets one.");
        }

        if (found is not { } before)
        {
            return new(plan.First, 0, null, null, plan.Why);
        }

        var key = surroundings.Keys.Signing;
        if (!key.Signed(before))
        {
            throw new JobFailedException(
                $"the checkpoint of {before.Size} entries says that this home's key signed it, and it did not; nothing was removed. tidegate ledger verify says what is wrong."
            );
        }

        await context.ReportAsync(new("writing entries out", 0, before.Size, "entries"), cancellationToken);
        var (export, sha256) = await WriteOutAsync(before, claimed, cancellationToken);
        await context.ReportAsync(new("checking what was written out"), cancellationToken);
        await CheckAsync(before, export, sha256, cancellationToken);
        var drop = new LedgerDrop(
            before.Size,
            plan.First,
            before.Root,
            export.Value,
            sha256,
            job.Actor,
            surroundings.Clock.GetUtcNow(),
            "",
            ""
        ).SignedBy(key);
        await retention.AnnounceAsync(drop, cancellationToken);
        return await CarryOutAsync(drop, job.Actor, plan.Why, context, cancellationToken);
    }

    protected override Task CleanUpAsync(
        RunLedgerRetention job,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    )
    {
        JobRemains.RemoveWork(places.Layout, claimed.Id);
        return Task.CompletedTask;
    }

    private async Task<LedgerRetentionDone> CarryOutAsync(
        LedgerDrop drop,
        string actor,
        string why,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        await WaitAsync(drop, context, cancellationToken);
        var gone = 0L;
        for (var from = drop.First; from < drop.Before; from += AtOnce)
        {
            gone += await retention.DropAsync(from, AtOnce, cancellationToken);
            await context.ReportAsync(
                new(
                    "removing what was written out",
                    Math.Min(from + AtOnce, drop.Before) - drop.First,
                    drop.Before - drop.First,
                    "entries"
                ),
                cancellationToken
            );
        }

        await retention.EndAsync(drop, actor, surroundings.Clock.GetUtcNow(), cancellationToken);
        return new(drop.Before, gone, drop.Export, drop.Sha256, why);
    }

    /// <summary>Until what was announced is sealed, signed, and outside.</summary>
    private async Task WaitAsync(LedgerDrop drop, JobContext context, CancellationToken cancellationToken)
    {
        var since = surroundings.Clock.GetTimestamp();
        while (await retention.WaitsForAsync(drop.Before, cancellationToken) is { } waits)
        {
            if (surroundings.Clock.GetElapsedTime(since) > surroundings.Patience)
            {
                throw new JobFailedException(
                    $"what goes was written out to {drop.Export} and announced, but {waits}; nothing was removed. Mend that (tidegate ledger status) and run it again: it goes on from there."
                );
            }

            await context.ReportAsync(new($"waiting: {waits}"), cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1), surroundings.Clock, cancellationToken);
        }
    }

    /// <summary>Everything up to there, also what went earlier, of which only hashes are left: the file is checked alone.</summary>
    private async Task<(ObjectKey Key, string Sha256)> WriteOutAsync(
        LedgerCheckpoint before,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    )
    {
        Folder.Passage(places.Layout.WorkFolder);
        Folder.Private(places.Layout.Work(claimed.Id));
        await using var file = new FileStream(
            Path.Join(places.Layout.Work(claimed.Id), "ledger.jsonl"),
            FileMode.Create,
            FileAccess.ReadWrite
        );
        await new LedgerExport(ledger).WriteAsync(file, before.Size, cancellationToken);
        file.Position = 0;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        file.Position = 0;
        var key = ObjectKey.Create(
            string.Create(CultureInfo.InvariantCulture, $"ledger/exports/{before.Size:D19}-{sha256}.jsonl")
        );
        await places.Objects.PutAsync(key, file, cancellationToken);
        if (places.LockFor is { } time)
        {
            await places.Retention.LockAsync(key, surroundings.Clock.GetUtcNow() + time, cancellationToken);
        }

        return (key, sha256);
    }

    /// <summary>What lies there is read back: it has to be what was written, a whole chain, and of the root that was signed.</summary>
    private async Task CheckAsync(
        LedgerCheckpoint before,
        ObjectKey export,
        string sha256,
        CancellationToken cancellationToken
    )
    {
        await using (var stored = await OpenAsync(export, cancellationToken))
        {
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(stored, cancellationToken)) != sha256)
            {
                throw new JobFailedException($"{export} is not what was written there; nothing was removed.");
            }
        }

        // Other homes' keys may have signed too, and are not known here: who signed the end is known.
        var verifier = new LedgerVerifier([], [before]);
        await using var lines = await OpenAsync(export, cancellationToken);
        await LedgerReading.CheckAsync(lines, verifier, cancellationToken);
        if (verifier.Findings.Count > 0 || verifier.Size != before.Size || verifier.Root != before.Root)
        {
            throw new JobFailedException(
                $"the ledger does not pass its check, so nothing was removed: {(verifier.Findings is [{ What: var what }, ..] ? what : "its root is another")}. tidegate ledger verify says more."
            );
        }
    }

    private async Task<Stream> OpenAsync(ObjectKey export, CancellationToken cancellationToken) =>
        await places.Objects.GetAsync(export, cancellationToken)
        ?? throw new JobFailedException($"{export} was stored and is not there; nothing was removed.");
}

/// <summary>What a run has to sign with, and how long it waits for witnesses.</summary>
internal sealed record LedgerRetentionSurroundings(ILedgerKeys Keys, TimeProvider Clock)
{
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);
}
