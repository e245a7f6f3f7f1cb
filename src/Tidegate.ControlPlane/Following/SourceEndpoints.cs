using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Accounts;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Following;

public static class SourceEndpoints
{
    /// <summary>How long a round is waited for: it looks at databases and serves tenants.</summary>
    private static readonly TimeSpan SyncBound = TimeSpan.FromMinutes(4);

    public static void MapFollowing(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/source", ShowAsync).Needs(Permission.ReadFleet);
        routes.MapPost("/api/source", FollowAsync).Needs(Permission.FollowSource);
        routes.MapDelete("/api/source", UnfollowAsync).Needs(Permission.FollowSource);
        routes.MapPost("/api/source/sync", SyncAsync).Needs(Permission.SyncSource);
        routes.MapPost("/api/source/accept", AcceptAsync).Needs(Permission.AcceptCommits);
        routes.MapPost("/api/source/webhook/{forge}", WebhookEndpoints.TakeAsync).Needs(Permission.TellSource);
    }

    private static async Task<IResult> ShowAsync(SourceDesk desk, CancellationToken cancellationToken) =>
        await desk.FindAsync(cancellationToken) is { } state ? TypedResults.Ok(View(state)) : NothingFollowed();

    private static async Task<IResult> FollowAsync(
        FollowSource request,
        SourceDesk desk,
        RefusalLog refusals,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var address = new SourceAddress(request.Repository, request.Branch, request.Folder.Trim('/'), request.Secret);
        var interval = request.IntervalSeconds is { } seconds
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, FollowingOptions.LongestInterval.TotalSeconds + 1))
            : FollowingOptions.DefaultInterval;
        var refusal =
            SourceAddressRules.Refusal(address)
            ?? (request.WebhookSecret is { } secret ? NameRules.Refusal("secret", secret) : null)
            ?? (
                interval < FollowingOptions.ShortestInterval || interval > FollowingOptions.LongestInterval
                    ? "the interval is 5 seconds to 1 day."
                    : null
            );
        if (refusal is not null)
        {
            // An address may be an attempt to have us go where nobody should.
            await refusals.EnterAsync(
                Identity.Of(context),
                $"to follow {SourceAddressRules.Shown(request.Repository)}: {refusal}",
                cancellationToken
            );
            return Problems.Invalid(refusal, "tidegate fleet follow --help has examples.");
        }

        if (
            await desk.FollowAsync(address, request.WebhookSecret, interval, Actor.Of(context), cancellationToken) is
            { } other
        )
        {
            return Problems.Conflict(
                $"{SourceAddressRules.Shown(other.Repository)}, branch {other.Branch}, is followed already.",
                "tidegate fleet unfollow ends that."
            );
        }

        return await ShowAsync(desk, cancellationToken);
    }

    private static async Task<IResult> UnfollowAsync(
        string? reason,
        SourceDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await desk.UnfollowAsync(Actor.Of(context), reason, cancellationToken) is { } repository
            ? TypedResults.Ok(new UnfollowedSource(repository))
            : NothingFollowed();

    private static async Task<IResult> SyncAsync(SourceDesk desk, CancellationToken cancellationToken)
    {
        await desk.SyncAsync(SyncBound, cancellationToken);
        return await ShowAsync(desk, cancellationToken);
    }

    private static async Task<IResult> AcceptAsync(
        AcceptCommit request,
        SourceDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (!CommitId.TryCreate(request.Commit, out var commit))
        {
            return Problems.Invalid(
                $"\"{request.Commit}\" is not a full commit id.",
                "tidegate fleet status shows the one that waits."
            );
        }

        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return Problems.Invalid("the reason is missing.", "say why, with --reason.");
        }

        switch (await desk.WaiveAsync(commit, Actor.Of(context), request.Reason, cancellationToken))
        {
            case WaiveResult.NothingFollowed:
                return NothingFollowed();
            case WaiveResult.NotThere notThere:
                return Problems.Conflict(
                    $"the branch does not wait at {commit.Short}: it stands at {notThere.Head?.Value ?? "no commit"}.",
                    "tidegate fleet status shows what waits."
                );
            default:
                return await SyncAsync(desk, cancellationToken);
        }
    }

    private static JsonHttpResult<ApiProblem> NothingFollowed() =>
        Problems.NotFound("no repository is followed.", "tidegate fleet follow REPOSITORY");

    private static SourceView View(SourceState state)
    {
        var source = state.Source;
        return new(
            SourceAddressRules.Shown(source.Address.Repository),
            source.Address.Branch,
            source.Address.Folder,
            source.Address.Secret,
            source.WebhookSecret,
            source.Interval.TotalSeconds,
            source.FollowedAt,
            source.FollowedBy,
            state.Word,
            source.Good is { } good
                ? new(good.Id.Value, good.Author, good.Subject, good.CommittedAt, good.AcceptedAt)
                : null,
            source.Head?.Value,
            source.AskedAt,
            state.Unsettled,
            [.. state.Blockers.Select(BlockerEndpoints.View)]
        );
    }
}
