using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Takes the orders of the home's own user: the first administrator, and whether that user may everything beside.</summary>
public sealed class AccessDesk(
    AccountStore accounts,
    GrantStore grants,
    AccessStateStore state,
    IBootstrapFile file,
    TimeProvider clock
)
{
    /// <summary>For how long the first administrator's secret counts.</summary>
    public static readonly TimeSpan SecretLife = TimeSpan.FromHours(24);

    public async Task<(AccessState State, int Administrators)> ShowAsync(CancellationToken cancellationToken) =>
        (await state.FindAsync(cancellationToken), await grants.AdministratorsAsync(cancellationToken));

    /// <summary>Makes somebody administrator, with a secret in a file of the home that must be changed at the first sign-in. Also the way back where the last administrator is lost.</summary>
    public async Task<AccountOutcome<BootstrappedAdministrator>> BootstrapAsync(
        string person,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        var text = person.StartsWith("person/", StringComparison.Ordinal) ? person : $"person/{person}";
        if (AccountName.Refusal(text) is { } wrong)
        {
            return new AccountOutcome<BootstrappedAdministrator>.Invalid(wrong);
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            return new AccountOutcome<BootstrappedAdministrator>.Invalid(
                "an administrator is not made without a reason.",
                "say why, with --reason."
            );
        }

        var name = AccountName.Create(text);
        if (await accounts.FindAsync(name, cancellationToken) is { DisabledAt: not null })
        {
            return new AccountOutcome<BootstrappedAdministrator>.Conflict(
                $"{name} is disabled.",
                "use another name; an administrator may enable it again."
            );
        }

        var secret = TokenText.Secret();
        var until = clock.GetUtcNow() + SecretLife;
        var path = file.Write(name, secret);
        await accounts.AddAsync(name, null, [], actor, reason, cancellationToken);
        await accounts.GiveSecretAsync(name, PasswordHash.Of(secret), until, actor, reason, cancellationToken);
        var has = await grants.OfAsync(new Identity(IdentityKind.Person, name.Short, []), cancellationToken);
        if (!has.Any(grant => grant.Role == Roles.Administrator && grant.Scope.Contains(GrantScope.Everywhere)))
        {
            await grants.AddAsync(
                name.Value,
                Roles.Administrator,
                GrantScope.Everywhere,
                actor,
                reason,
                cancellationToken
            );
        }

        return new AccountOutcome<BootstrappedAdministrator>.Done(new(name.Value, path, until));
    }

    /// <summary>From now on only grants count.</summary>
    public async Task<AccountOutcome<AccessState>> CloseAsync(
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        string.IsNullOrWhiteSpace(reason)
            ? new AccountOutcome<AccessState>.Invalid("closing needs a reason.", "say why, with --reason.")
        : await grants.AdministratorsAsync(cancellationToken) == 0
            ? new AccountOutcome<AccessState>.Blocked(
                "nobody could give grants any more: no administrator has signed in and chosen a password.",
                "tidegate access bootstrap NAME, then that person: tidegate login NAME and tidegate access password."
            )
        : await SetAsync(isClosed: true, actor, reason, cancellationToken);

    /// <summary>From now on the home's own user has every role again, without a grant.</summary>
    public async Task<AccountOutcome<AccessState>> OpenAsync(
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        string.IsNullOrWhiteSpace(reason)
            ? new AccountOutcome<AccessState>.Invalid("opening needs a reason.", "say why, with --reason.")
            : await SetAsync(isClosed: false, actor, reason, cancellationToken);

    private async Task<AccountOutcome<AccessState>> SetAsync(
        bool isClosed,
        string actor,
        string reason,
        CancellationToken cancellationToken
    ) =>
        await state.SetAsync(isClosed, actor, reason, cancellationToken)
            ? new AccountOutcome<AccessState>.Done(await state.FindAsync(cancellationToken))
            : new AccountOutcome<AccessState>.Conflict($"access is {(isClosed ? "closed" : "open")} already.");
}

/// <param name="File">Where the secret is; only the home's own user can read it.</param>
public sealed record BootstrappedAdministrator(string Name, string File, DateTimeOffset Until);
