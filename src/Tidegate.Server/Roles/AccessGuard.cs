using Tidegate.Contracts;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Accounts;

namespace Tidegate.Server.Roles;

/// <summary>
/// The one place where it is asked who asks, and whether they may. Who asks and whether they may do such a thing at all
/// is asked before anything of a request's body is read; what it is about, as soon as that is known.
/// </summary>
internal static class AccessGuard
{
    private const string Bearer = "Bearer ";

    /// <summary>Before every route.</summary>
    public static async Task AuthenticateAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not RouteEndpoint route)
        {
            await next(context);
            return;
        }

        var (claim, refused) = await context
            .RequestServices.GetRequiredService<AccessReader>()
            .ReadAsync(Shown(context), context.RequestAborted);
        var permission = route.Metadata.GetMetadata<Permission>();
        if (refused is not null && !IsProvenElsewhere(permission))
        {
            await RefuseAsync(context, refused.Who ?? Peer.Of(context) ?? Identity.Nobody, refused.What);
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Problems
                .Unauthenticated(refused.What, "tidegate login NAME, or another --token-file.")
                .ExecuteAsync(context);
            return;
        }

        claim ??= new AccessClaim(Identity.Nobody, []);
        context.Features.Set(claim.Who);
        context.Features.Set(claim);
        var decision = permission is null
            ? new AccessDecision.Refused("this route says nothing of who may use it.", "it is a fault of Tidegate.")
            : AccessDecider.DecideAtAll(claim, permission);
        if (await AnswerAsync(context, claim, decision) is { } answer)
        {
            await answer.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    /// <summary>Inside every route, once what it was sent has been read.</summary>
    public static async ValueTask<object?> AuthorizeAsync(
        EndpointFilterInvocationContext request,
        EndpointFilterDelegate next
    )
    {
        var context = request.HttpContext;
        var claim = context.Features.Get<AccessClaim>()!;
        var metadata = context.GetEndpoint()!.Metadata;
        var permission = metadata.GetRequiredMetadata<Permission>();
        // Who may everywhere may here, wherever that is.
        if (AccessDecider.Decide(claim, permission, AccessTarget.Everything) is AccessDecision.Allowed)
        {
            Show(request, Visible.Everything);
            return await next(request);
        }

        var isFiltered = metadata.GetMetadata<ShowsWhatIsVisible>() is not null;
        var subjects = metadata.GetMetadata<SubjectOf>()?.Read(request) ?? [AccessSubject.Everything];
        if (isFiltered)
        {
            // It is about what is visible, and about what is named.
            subjects = subjects.RemoveAll(subject => subject.Kind is SubjectKind.Everything);
        }

        var targets = context.RequestServices.GetRequiredService<TargetStore>();
        var target = await targets.FindAsync(subjects, context.RequestAborted);
        if (await AnswerAsync(context, claim, AccessDecider.Decide(claim, permission, target)) is { } answer)
        {
            return answer;
        }

        if (isFiltered)
        {
            Show(request, AccessDecider.See(claim, permission, await targets.FleetAsync(context.RequestAborted)));
            if (subjects.IsEmpty)
            {
                context.Response.Headers[ApiHeaders.Shown] = ApiHeaders.Part;
            }
        }

        return await next(request);
    }

    /// <summary>Gives the route's handler what of the list may be seen.</summary>
    private static void Show(EndpointFilterInvocationContext request, Visible visible)
    {
        for (var place = 0; place < request.Arguments.Count; place++)
        {
            if (request.Arguments[place] is Visible)
            {
                request.Arguments[place] = visible;
            }
        }
    }

    /// <summary>Null where it may go on.</summary>
    private static async Task<IResult?> AnswerAsync(HttpContext context, AccessClaim claim, AccessDecision decision)
    {
        switch (decision)
        {
            case AccessDecision.Unknown:
                await RefuseAsync(context, claim.Who, "nothing says who asks.");
                context.Response.Headers.WWWAuthenticate = "Bearer";
                return Problems.Unauthenticated("nothing says who asks.", "tidegate login NAME, or --token-file FILE.");
            case AccessDecision.Refused refused:
                await RefuseAsync(context, claim.Who, refused.What);
                return Problems.Forbidden(refused.What, refused.Next);
            default:
                return null;
        }
    }

    /// <summary>The route's pattern, not its path: what somebody sends as a path may be anything.</summary>
    private static Task RefuseAsync(HttpContext context, Identity who, string what) =>
        context
            .RequestServices.GetRequiredService<RefusalLog>()
            .EnterAsync(
                who,
                $"{context.Request.Method} {((RouteEndpoint)context.GetEndpoint()!).RoutePattern.RawText}: {what}",
                context.RequestAborted
            );

    private static bool IsProvenElsewhere(Permission? permission) =>
        permission == Permission.TellSource || permission == Permission.SignIn;

    private static Presented Shown(HttpContext context)
    {
        // What is not read as a token is one that is not good, and no connection without one.
        var header = context.Request.Headers.Authorization.ToString();
        return new(
            header.Length == 0 ? null
                : header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim()
                : header,
            Peer.Of(context)
        );
    }
}
