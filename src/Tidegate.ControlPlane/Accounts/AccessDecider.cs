using System.Collections.Immutable;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Decides who may what on what. Only grants allow: each part of the target needs one, and a token's own bound has to allow it too.</summary>
public static class AccessDecider
{
    public static AccessDecision Decide(AccessClaim claim, Permission permission, AccessTarget target)
    {
        if (permission == Permission.TellSource || permission == Permission.SignIn)
        {
            return AccessDecision.Allowed.Instance; // whoever asks proves it to the route itself
        }

        if (claim.Who.Kind is IdentityKind.Nobody)
        {
            return AccessDecision.Unknown.Instance;
        }

        if (permission == Permission.OwnAccount)
        {
            return AccessDecision.Allowed.Instance;
        }

        if (claim.MustChange)
        {
            return new AccessDecision.Refused(
                $"{claim.Who} signed in with a password that somebody else gave.",
                "tidegate access password changes it; nothing else works before."
            );
        }

        if (permission == Permission.HoldHome)
        {
            return claim.HoldsHome
                ? AccessDecision.Allowed.Instance
                : new AccessDecision.Refused(
                    $"{claim.Who} is not the operating system's user that owns the home.",
                    "give the command on the server's machine as that user, without a token."
                );
        }

        return Missing(claim.Grants, permission, target) is { } place ? Refuse(claim.Who, permission, place)
            : claim.Ceiling is { } ceiling && Missing(ceiling, permission, target) is { } beyond
                ? new AccessDecision.Refused(
                    $"this token of {claim.Who} may not {permission.Name} {At(beyond)}: it was made for less than its owner may.",
                    "tidegate access tokens add makes another; tidegate access whoami shows what this one may."
                )
            : AccessDecision.Allowed.Instance;
    }

    /// <summary>Whether there is anything at all that somebody may do so; what it is about is asked once it is known.</summary>
    public static AccessDecision DecideAtAll(AccessClaim claim, Permission permission) =>
        Decide(claim, permission, AccessTarget.NoShop);

    /// <summary>What somebody may see in a list: each environment and tenant that they may see if asked for alone.</summary>
    /// <param name="fleet">Every environment and every tenant.</param>
    public static Visible See(AccessClaim claim, Permission permission, IReadOnlyCollection<TargetPart> fleet)
    {
        if (Decide(claim, permission, AccessTarget.Everything) is AccessDecision.Allowed)
        {
            return Visible.Everything;
        }

        if (DecideAtAll(claim, permission) is not AccessDecision.Allowed)
        {
            return Visible.Nothing;
        }

        // A grant may name an environment that has no pools any more, and rollouts still.
        var known = fleet.Select(part => part.Environment).ToHashSet(StringComparer.Ordinal);
        var seen = claim
            .Grants.Concat(claim.Ceiling ?? [])
            .SelectMany(grant => grant.Scope.Environments)
            .Distinct(StringComparer.Ordinal)
            .Where(name => !known.Contains(name))
            .Select(name => new TargetPart(name, null, [], IsProduction: true))
            .Concat(fleet)
            .Where(part => May(claim, permission, part))
            .ToLookup(part => part.Tenant is null, part => part.Tenant ?? part.Environment!);
        return Visible.Only(environments: seen[true], tenants: seen[false]);
    }

    private static bool May(AccessClaim claim, Permission permission, TargetPart part) =>
        Allows(claim.Grants, permission, part)
        && (claim.Ceiling is not { } ceiling || Allows(ceiling, permission, part));

    private static bool Allows(ImmutableArray<Grant> grants, Permission permission, TargetPart part) =>
        grants.Any(grant => grant.Role.Has(permission, part.IsProduction) && grant.Scope.Covers(part));

    /// <summary>The first part that no grant allows; null where every part is allowed.</summary>
    private static TargetPart? Missing(ImmutableArray<Grant> grants, Permission permission, AccessTarget target) =>
        target.Parts.IsEmpty
            ? grants.Any(grant => grant.Role.Has(permission, inProduction: false))
                ? null
                : NoShop
            : target.Parts.FirstOrDefault(part => !Allows(grants, permission, part));

    private static readonly TargetPart NoShop = new(null, null, [], IsProduction: false);

    private static AccessDecision.Refused Refuse(Identity who, Permission permission, TargetPart place)
    {
        var roles = Roles.All.Where(role => role.Has(permission, place.IsProduction)).ToList();
        return new(
            $"{who} may not {permission.Name} {At(place)}: no grant says so.",
            roles.Count == 0
                ? "no role may, there."
                : $"a grant of {string.Join(" or ", roles)}{Scope(place)} would allow it: an administrator gives it with tidegate access grants add."
        );
    }

    private static string At(TargetPart place) => ReferenceEquals(place, NoShop) ? "anywhere" : $"on {place}";

    private static string Scope(TargetPart place) =>
        place.Environment is { } environment ? $" for {environment}"
        : ReferenceEquals(place, NoShop) ? ""
        : " for everything";
}
