using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.Ledger;
using Tidegate.Contracts.TenantBackups;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Ledger;

namespace Tidegate.ControlPlane.LedgerRetention;

public static class LedgerRetentionEndpoints
{
    private const int FewestDays = 30;
    private const int MostDays = 36_500;
    private const int MostRuns = 50;

    public static void MapLedgerRetention(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/ledger/retention", ViewAsync).Needs(Permission.ReadLedger);
        routes.MapPost("/api/ledger/retention", SetAsync).Needs(Permission.SetLedgerRetention);
        routes
            .MapPost(
                "/api/ledger/retention/run",
                async (
                    OrderReason request,
                    LedgerRetentionDesk desk,
                    HttpContext context,
                    CancellationToken cancellationToken
                ) => new OrderedJob((await desk.RunAsync(Actor.Of(context), request.Reason, cancellationToken)).Value)
            )
            .Needs(Permission.RunLedgerRetention);
    }

    private static async Task<IResult> SetAsync(
        SetLedgerRetention request,
        LedgerRetentionStore retention,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (request.KeepDays is < FewestDays or > MostDays)
        {
            return Problems.Invalid($"keepDays is {FewestDays} to {MostDays}, or null for ever.");
        }

        await retention.SetAsync(
            request.KeepDays,
            Actor.Of(context),
            request.Reason,
            clock.GetUtcNow(),
            cancellationToken
        );
        return TypedResults.Ok(new LedgerRetentionSet(request.KeepDays));
    }

    private static async Task<LedgerRetentionView> ViewAsync(
        LedgerRetentionDesk desk,
        LedgerStore store,
        CancellationToken cancellationToken
    )
    {
        var (facts, plan, before) = await desk.PlanAsync(cancellationToken);
        return new(
            facts.KeepDays,
            facts.First,
            new(
                before is null ? 0 : before.Size - plan.First,
                before is null ? null : before.Size - 1,
                before?.Root,
                plan.Why
            ),
            [
                .. facts.Witnesses.Select(witness => new LedgerRetentionWitness(
                    witness.Home,
                    witness.Place,
                    witness.Kept
                )),
            ],
            [
                .. (await store.DropsAsync(MostRuns, cancellationToken)).Select(drop => new LedgerDropView(
                    drop.First,
                    drop.Before - 1,
                    drop.Root,
                    drop.Export,
                    drop.Sha256,
                    drop.Actor,
                    drop.At
                )),
            ]
        );
    }
}
