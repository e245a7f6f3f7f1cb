using System.Globalization;
using System.Threading.RateLimiting;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>What came of trying to sign in.</summary>
public abstract record SignInResult
{
    private SignInResult() { }

    /// <param name="Text">The session's token; a secret, shown this once.</param>
    public sealed record SignedIn(string Text, Account Account, DateTimeOffset ExpiresAt) : SignInResult;

    /// <summary>The same words whatever was wrong.</summary>
    public sealed record Refused(string What) : SignInResult;

    /// <summary>Too many try at once.</summary>
    public sealed record Busy : SignInResult;
}

/// <summary>Lets people in by password. What is wrong with an attempt is not told, and takes the same time.</summary>
public sealed class SignInDesk(
    AccountStore accounts,
    TokenStore tokens,
    AttemptStore attempts,
    RefusalLog refusals,
    TimeProvider clock
) : IDisposable
{
    public static readonly TimeSpan Session = TimeSpan.FromHours(12);

    // Each attempt costs a tenth of a second of a processor: a flood of them must not cost all.
    private readonly TokenBucketRateLimiter _rate = new(
        new TokenBucketRateLimiterOptions
        {
            TokenLimit = 20,
            TokensPerPeriod = 2,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        }
    );

    public async Task<SignInResult> SignInAsync(
        string person,
        string password,
        Identity peer,
        CancellationToken cancellationToken
    )
    {
        using var turn = _rate.AttemptAcquire();
        if (!turn.IsAcquired)
        {
            return new SignInResult.Busy();
        }

        var now = clock.GetUtcNow();
        var text = person.StartsWith("person/", StringComparison.Ordinal) ? person : $"person/{person}";
        if (AccountName.Refusal(text) is not null || password.Length > PasswordHash.Longest)
        {
            PasswordHash.Matches(null, "");
            return Wrong();
        }

        var name = AccountName.Create(text);
        var attempt = await attempts.CountAsync(name.Value, now, cancellationToken);
        if (attempt.LockedUntil is { } until)
        {
            return await RefuseAsync(peer, name, $"locked until {Instant(until)}", Locked(until), cancellationToken);
        }

        var (hash, secretUntil) = await accounts.PasswordAsync(name, cancellationToken);
        if (!PasswordHash.Matches(hash, password))
        {
            return await RefuseAsync(peer, name, "wrong password or no such person", Wrong(), cancellationToken);
        }

        if (secretUntil <= now)
        {
            return await RefuseAsync(peer, name, "the first password has expired", Wrong(), cancellationToken);
        }

        await attempts.ForgetAsync(name.Value, cancellationToken);
        var token = TokenText.Create();
        var expires = now + Session;
        await tokens.AddAsync(
            new(token.Id, name, token.Hash, null, IsSession: true, null, expires),
            name.Value,
            null,
            cancellationToken
        );
        return new SignInResult.SignedIn(token.Text, (await accounts.FindAsync(name, cancellationToken))!, expires);
    }

    public void Dispose() => _rate.Dispose();

    private async Task<SignInResult> RefuseAsync(
        Identity peer,
        AccountName name,
        string why,
        SignInResult result,
        CancellationToken cancellationToken
    )
    {
        await refusals.EnterAsync(peer, $"sign-in {name}", $"sign-in as {name}: {why}", cancellationToken);
        return result;
    }

    private static SignInResult.Refused Wrong() => new("the name or the password is wrong.");

    private static SignInResult.Refused Locked(DateTimeOffset until) =>
        new($"too many attempts failed: this name is locked until {Instant(until)}.");

    private static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
