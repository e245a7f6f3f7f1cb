using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts.Access;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Signing in and out, who one is, and how access stands.</summary>
public static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/sign-in", SignInAsync).Needs(Permission.SignIn).AboutNoShop();
        routes.MapPost("/api/sign-out", SignOutAsync).Needs(Permission.OwnAccount).AboutNoShop();
        routes.MapGet("/api/access/whoami", WhoAmI).Needs(Permission.OwnAccount).AboutNoShop();
        routes.MapPost("/api/access/password", ChangePasswordAsync).Needs(Permission.OwnAccount).AboutNoShop();
        routes.MapGet("/api/access/status", StatusAsync).Needs(Permission.OwnAccount).AboutNoShop();
        routes.MapPost("/api/access/bootstrap", BootstrapAsync).Needs(Permission.HoldHome);
        routes.MapPost("/api/access/open", OpenAsync).Needs(Permission.HoldHome);
        routes.MapPost("/api/access/close", CloseAsync).Needs(Permission.ChangeAccess);
        routes.MapAccounts();
        routes.MapGrants();
        routes.MapTokens();
    }

    private static async Task<IResult> SignInAsync(
        SignIn request,
        SignInDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await desk.SignInAsync(request.Name, request.Password, Identity.Of(context), cancellationToken) switch
        {
            SignInResult.SignedIn signed => TypedResults.Ok(
                new SignedInView(signed.Account.Name.Value, signed.Text, signed.ExpiresAt, signed.Account.MustChange)
            ),
            SignInResult.Refused refused => Problems.Unauthenticated(
                refused.What,
                "an administrator gives a new first password: tidegate access accounts reset."
            ),
            SignInResult.Busy => Problems.Busy("too many sign in at this moment.", "try again in some seconds."),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static async Task<IResult> SignOutAsync(
        TokenStore tokens,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var claim = ClaimOf(context);
        if (claim.Token is not { IsSession: true } session)
        {
            return Problems.Conflict("nobody is signed in here.", "tidegate access whoami shows who asks.");
        }

        await tokens.RevokeAsync(
            session.Id,
            AccountName.Create(claim.Who.ToString()),
            claim.Who.ToString(),
            "signed out",
            cancellationToken
        );
        return TypedResults.Ok(new RevokedTokenView(session.Id));
    }

    private static WhoAmIView WhoAmI(HttpContext context)
    {
        var claim = ClaimOf(context);
        return new(
            claim.Who.ToString(),
            AccountAnswerEndpoints.Kind(claim.Who.Kind),
            claim.Who.Groups,
            claim.Token?.Id,
            claim.Token?.ExpiresAt,
            claim.MustChange,
            claim.HoldsHome,
            [.. (claim.Ceiling ?? claim.Grants).Select(AccountAnswerEndpoints.Held)]
        );
    }

    private static async Task<IResult> ChangePasswordAsync(
        ChangePassword request,
        AccountDesk desk,
        IBootstrapFile file,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var claim = ClaimOf(context);
        if (claim.Token is not { IsSession: true } session)
        {
            return Problems.Blocked("only a person who has signed in has a password.", "tidegate login NAME");
        }

        var person = AccountName.Create(claim.Who.ToString());
        var outcome = await desk.ChangePasswordAsync(person, request.Old, request.New, session.Id, cancellationToken);
        if (outcome is AccountOutcome<Account>.Done)
        {
            file.Remove(person);
        }

        return AccountAnswerEndpoints.Answer(outcome, AccountAnswerEndpoints.Of);
    }

    private static async Task<AccessStatusView> StatusAsync(AccessDesk desk, CancellationToken cancellationToken)
    {
        var (state, administrators) = await desk.ShowAsync(cancellationToken);
        return View(state, administrators);
    }

    private static async Task<IResult> BootstrapAsync(
        BootstrapAccess request,
        AccessDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        AccountAnswerEndpoints.Answer(
            await desk.BootstrapAsync(request.Name, Actor.Of(context), request.Reason, cancellationToken),
            made => new BootstrappedView(made.Name, made.File, made.Until)
        );

    private static async Task<IResult> OpenAsync(
        AccessReason request,
        AccessDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await ChangedAsync(
            await desk.OpenAsync(Actor.Of(context), request.Reason, cancellationToken),
            desk,
            cancellationToken
        );

    private static async Task<IResult> CloseAsync(
        AccessReason request,
        AccessDesk desk,
        HttpContext context,
        CancellationToken cancellationToken
    ) =>
        await ChangedAsync(
            await desk.CloseAsync(Actor.Of(context), request.Reason, cancellationToken),
            desk,
            cancellationToken
        );

    private static async Task<IResult> ChangedAsync(
        AccountOutcome<AccessState> outcome,
        AccessDesk desk,
        CancellationToken cancellationToken
    )
    {
        var (_, administrators) = await desk.ShowAsync(cancellationToken);
        return AccountAnswerEndpoints.Answer(outcome, state => View(state, administrators));
    }

    private static AccessStatusView View(AccessState state, int administrators) =>
        new(state.IsClosed ? "closed" : "open", state.At, state.By, state.Reason, administrators);

    /// <summary>As it was read when the request came in.</summary>
    internal static AccessClaim ClaimOf(HttpContext context) =>
        context.Features.Get<AccessClaim>() ?? new AccessClaim(Identity.Of(context), []);
}
