using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.Contracts.Ledger;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Ledger;

public static class LedgerEndpoints
{
    private const int MostAtOnce = 1000;
    private const int Usual = 50;

    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/ledger", ListAsync).Needs(Permission.ReadLedger);
        routes.MapGet("/api/ledger/status", StatusAsync).Needs(Permission.ReadLedger);
        routes.MapGet("/api/ledger/entries/{place:long}/proof", ProveAsync).Needs(Permission.ReadLedger);
        routes
            .MapGet(
                "/api/ledger/export",
                (LedgerExport export, CancellationToken cancellationToken) =>
                    TypedResults.Stream(output => export.WriteAsync(output, cancellationToken), "application/jsonl")
            )
            .Needs(Permission.ReadLedger);
    }

    /// <summary>As the API shows it.</summary>
    public static LedgerCheckpointView View(LedgerCheckpoint checkpoint) =>
        new(checkpoint.Size, checkpoint.Root, checkpoint.At, checkpoint.Key, checkpoint.Signature);

    private static async Task<IResult> ListAsync(
        string? actor,
        string? tenant,
        string? rollout,
        string? digest,
        string? step,
        string? release,
        string? what,
        DateTimeOffset? since,
        DateTimeOffset? until,
        long? before,
        int? most,
        LedgerStore store,
        CancellationToken cancellationToken
    )
    {
        if (most is < 1 or > MostAtOnce)
        {
            return Problems.Invalid($"most is from 1 to {MostAtOnce}, not {most}.");
        }

        var found = await store.FindAsync(
            new(actor, tenant, rollout, digest, step, release, what, since, until, before, most ?? Usual),
            cancellationToken
        );
        return TypedResults.Ok(found.Select(one => View(one.Entry, one.Place)));
    }

    private static async Task<LedgerStatus> StatusAsync(
        LedgerStore store,
        LedgerFloor floor,
        ILedgerKeys keys,
        LedgerWitnesses witnesses,
        CancellationToken cancellationToken
    )
    {
        var seen = await floor.LookAsync(cancellationToken);
        var last = await store.LastCheckpointAsync(cancellationToken);
        return new(
            await store.SizeAsync(cancellationToken),
            seen.Unsealed,
            seen.Waits?.TotalSeconds,
            last is { Checkpoint: var checkpoint } ? View(checkpoint) : null,
            [.. witnesses.All.Select(View)],
            keys.Signing.PublicPem
        );
    }

    private static async Task<Results<Ok<LedgerProof>, JsonHttpResult<ApiProblem>>> ProveAsync(
        long place,
        LedgerExport export,
        CancellationToken cancellationToken
    ) =>
        await export.ProveAsync(place, cancellationToken) is { } proof
            ? TypedResults.Ok(proof)
            : Problems.NotFound(
                $"no checkpoint has an entry {place} yet.",
                "tidegate ledger status says up to where the ledger is signed."
            );

    private static LedgerWitnessView View(CheckpointDelivery delivery) =>
        new(delivery.Witness.Where, delivery.State.Kept, delivery.State.BehindSince, delivery.State.Why);

    private static LedgerEntryView View(LedgerEntry entry, long? place) =>
        new(
            entry.Id,
            place,
            entry.At,
            entry.Kind,
            entry.Actor,
            entry.Rollout,
            entry.Upgrade,
            entry.Tenant,
            entry.Step,
            entry.Epoch,
            entry.Digest,
            entry.Reason
        );
}
