using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>The owner of a token. Who shows one that is not good gets in as nobody, whoever else they are.</summary>
internal sealed class TokenAuthenticator(TokenStore tokens, TimeProvider clock) : IAuthenticator
{
    private static readonly byte[] NoHash = new byte[32];

    public async Task<Authentication?> AuthenticateAsync(Presented shown, CancellationToken cancellationToken)
    {
        if (shown.Bearer is not { } bearer)
        {
            return null;
        }

        var read = TokenText.Read(bearer);
        var stored = read is null ? null : await tokens.FindAsync(read.Id, cancellationToken);
        // Whether there is such an id, and how much of the secret is right, takes the same time.
        var isRight = (read ?? TokenText.Read(NoToken)!).Matches(stored?.Hash ?? NoHash);
        if (stored is null || !isRight)
        {
            return new Authentication.Refused("the token is not known.", null);
        }

        var now = clock.GetUtcNow();
        if (Refusal(stored, now) is { } refusal)
        {
            return new Authentication.Refused(refusal, stored.Owner.Identity);
        }

        await tokens.UsedAsync(stored.Id, now, cancellationToken);
        return new Authentication.Known(stored.Owner.Identity)
        {
            Token = new(stored.Id, stored.IsSession, stored.ExpiresAt),
            Ceiling = stored.Ceiling,
            MustChange = stored.Owner.MustChange && stored.IsSession,
        };
    }

    private static readonly string NoToken = TokenText.Create().Text;

    private static string? Refusal(StoredToken token, DateTimeOffset now) =>
        token.RevokedAt is not null ? "the token was revoked."
        : token.ExpiresAt <= now ? "the token has expired."
        : token.Owner.DisabledAt is not null ? "the token's account is disabled."
        : null;
}
