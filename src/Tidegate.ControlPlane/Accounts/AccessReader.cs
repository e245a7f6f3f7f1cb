using System.Collections.Immutable;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Reads who asks and all that speaks for it.</summary>
public sealed class AccessReader(IEnumerable<IAuthenticator> authenticators, GrantStore grants, AccessStateStore state)
{
    /// <summary>What the home's own user has while access is open: every role there is, by these words and no other way.</summary>
    private static readonly ImmutableArray<Grant> LocalOperator =
    [
        .. Roles.All.Select(role => new Grant("open", "the home's own user", role, GrantScope.Everywhere)),
    ];

    /// <summary>Nobody, where nothing is shown; refused, where what is shown is not good.</summary>
    public async Task<(AccessClaim? Claim, Authentication.Refused? Refused)> ReadAsync(
        Presented shown,
        CancellationToken cancellationToken
    )
    {
        foreach (var authenticator in authenticators)
        {
            switch (await authenticator.AuthenticateAsync(shown, cancellationToken))
            {
                case Authentication.Known known:
                    return (await ClaimAsync(known, cancellationToken), null);
                case Authentication.Refused refused:
                    return (null, refused);
            }
        }

        return (new AccessClaim(Identity.Nobody, []), null);
    }

    private async Task<AccessClaim> ClaimAsync(Authentication.Known known, CancellationToken cancellationToken)
    {
        var isOpen = known.HoldsHome && !(await state.FindAsync(cancellationToken)).IsClosed;
        return new(known.Who, [.. isOpen ? LocalOperator : [], .. await grants.OfAsync(known.Who, cancellationToken)])
        {
            Ceiling = known.Ceiling,
            Token = known.Token,
            MustChange = known.MustChange,
            HoldsHome = known.HoldsHome,
        };
    }
}
