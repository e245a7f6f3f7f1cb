using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.Contracts.Approvals;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Approvals;

public static class ApprovalEndpoints
{
    private const int LongestKey = 200;

    private const string List = "tidegate approval list shows what asks for approval.";

    public static void MapApprovals(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/api/approvals", ListAsync)
            .Needs(Permission.ReadApprovals)
            .AboutWhatIsVisible()
            .AboutQuery(("environment", SubjectKind.Environment));
        routes
            .MapPost("/api/approvals", AskAsync)
            .Needs(Permission.AskApprovals)
            .AboutBody((PlanRollout request) => AccessSubject.Environment(request.Environment));
        routes
            .MapGet("/api/approvals/{id}", ShowAsync)
            .Needs(Permission.ReadApprovals)
            .About(SubjectKind.Approval, "id");
        routes
            .MapPost("/api/approvals/{id}/give", GiveAsync)
            .Needs(Permission.GiveApprovals)
            .About(SubjectKind.Approval, "id");
        routes
            .MapPost("/api/approvals/{id}/reject", RejectAsync)
            .Needs(Permission.GiveApprovals)
            .About(SubjectKind.Approval, "id");
        routes
            .MapPost("/api/approvals/{id}/withdraw", WithdrawAsync)
            .Needs(Permission.GiveApprovals)
            .About(SubjectKind.Approval, "id");
        routes.MapDelegations();
    }

    private static async Task<IResult> ListAsync(
        string? environment,
        ApprovalDesk desk,
        Visible visible,
        CancellationToken cancellationToken
    ) =>
        TypedResults.Ok(
            (
                await desk.ListAsync(
                    environment is null ? null : new EnvironmentName(environment),
                    visible,
                    cancellationToken
                )
            ).Select(ApprovalViews.Summary)
        );

    /// <summary>Asks for the approval of what is planned now, so that people can agree before it could start.</summary>
    private static async Task<IResult> AskAsync(
        PlanRollout request,
        ApprovalWorkGates gates,
        ApprovalDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var (wanted, kind) = await desk.AsGitSaysAsync(request, cancellationToken);
        var result = await desk.PlanAsync(wanted, kind, cancellationToken);
        if (result is not PlanResult.Planned { Plan: var plan })
        {
            return RolloutEndpoints.Refuse(result);
        }

        var question = new WorkQuestion(plan, wanted, [Actor.Of(context)]) { Kind = kind };
        return
            await gates.AskedAsync(question, cancellationToken) is { } id
            && await desk.FindAsync(id, cancellationToken) is { } known
            ? TypedResults.Ok(ApprovalViews.View(known))
            : Problems.Conflict(
                $"nobody has to agree to {request.Release} in {request.Environment}.",
                "docs/approvals.md tells how a policy asks for it."
            );
    }

    private static async Task<IResult> ShowAsync(string id, ApprovalDesk desk, CancellationToken cancellationToken) =>
        await desk.FindAsync(new ApprovalId(id), cancellationToken) is { } known
            ? TypedResults.Ok(ApprovalViews.View(known))
            : Unknown(id);

    private static async Task<IResult> GiveAsync(
        string id,
        GiveApproval request,
        ApprovalDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        Wrong(request.Key, request.Reason) is { } wrong
            ? wrong
            : Answer(
                id,
                await desk.GiveAsync(
                    new ApprovalId(id),
                    Speaking(context),
                    request.PlanHash,
                    request.Key,
                    request.Reason,
                    cancellationToken
                )
            );

    private static async Task<IResult> RejectAsync(
        string id,
        RejectApproval request,
        ApprovalDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        string.IsNullOrWhiteSpace(request.Reason)
            ? Problems.Invalid("a rejection needs a reason: whoever has to change something reads it.")
        : Wrong(request.Key, request.Reason) is { } wrong ? wrong
        : Answer(
            id,
            await desk.RejectAsync(
                new ApprovalId(id),
                Speaking(context),
                request.Key,
                request.Reason,
                cancellationToken
            )
        );

    private static async Task<IResult> WithdrawAsync(
        string id,
        WithdrawApproval request,
        ApprovalDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        request.Reason is { } reason && ReleaseNotes.LineRefusal(reason) is { } wrong
            ? Problems.Invalid(wrong)
            : Answer(
                id,
                await desk.WithdrawAsync(new ApprovalId(id), Speaking(context), request.Reason, cancellationToken)
            );

    internal static Speaker Speaking(HttpContext context)
    {
        var identity = Identity.Of(context);
        return new(identity.ToString(), identity.Kind is IdentityKind.ServiceAccount);
    }

    internal static IResult? Wrong(string key, string? reason) =>
        string.IsNullOrWhiteSpace(key) || key.Length > LongestKey || key.Any(char.IsControl)
            ? Problems.Invalid("key is a text of 1 to 200 characters of the caller's own.")
        : reason is not null && ReleaseNotes.LineRefusal(reason) is { } wrong ? Problems.Invalid(wrong)
        : null;

    private static IResult Answer(string id, SayResult result) =>
        result switch
        {
            SayResult.Said said => TypedResults.Ok(ApprovalViews.View(said.Approval)),
            SayResult.Refused refused => Problems.Blocked(refused.What, refused.Next),
            SayResult.Unknown => Unknown(id),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static JsonHttpResult<ApiProblem> Unknown(string id) =>
        Problems.NotFound($"there is no approval \"{id}\".", List);
}
