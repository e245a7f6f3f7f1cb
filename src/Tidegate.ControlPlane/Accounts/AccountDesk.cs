using System.Collections.Immutable;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Takes orders about accounts.</summary>
public sealed class AccountDesk(AccountStore accounts, TimeProvider clock)
{
    /// <summary>For how long a password counts that somebody else gave.</summary>
    public static readonly TimeSpan SecretLife = TimeSpan.FromDays(7);

    private const int LongestLabel = 100;
    private const int MostGroups = 50;

    /// <summary>Makes an account. A person gets a password that must be changed at the first sign-in; it is told this once.</summary>
    public async Task<AccountOutcome<GivenSecret>> AddAsync(
        string name,
        string? label,
        ImmutableArray<string> groups,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        if ((AccountName.Refusal(name) ?? LabelRefusal(label) ?? GroupRefusal(groups)) is { } wrong)
        {
            return new AccountOutcome<GivenSecret>.Invalid(wrong);
        }

        var account = AccountName.Create(name);
        if (!await accounts.AddAsync(account, label, groups, actor, reason, cancellationToken))
        {
            return new AccountOutcome<GivenSecret>.Conflict(
                $"there is a {account} already.",
                "tidegate access accounts list shows all."
            );
        }

        return account.Kind is IdentityKind.Person
            ? await GiveAsync(account, actor, reason, cancellationToken)
            : new AccountOutcome<GivenSecret>.Done(new(account.Value, null, null));
    }

    /// <summary>Gives a person a new first password: what was forgotten, or known to somebody else, counts no more.</summary>
    public async Task<AccountOutcome<GivenSecret>> ResetAsync(
        string name,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        AccountName.Refusal(name) is { } wrong ? new AccountOutcome<GivenSecret>.Invalid(wrong)
        : AccountName.Create(name).Kind is not IdentityKind.Person
            ? new AccountOutcome<GivenSecret>.Invalid("only people have passwords.", "a service account has tokens.")
        : name == actor
            ? new AccountOutcome<GivenSecret>.Blocked(
                "nobody gives a first password to themselves.",
                "tidegate access password changes your own."
            )
        : await GiveAsync(AccountName.Create(name), actor, reason, cancellationToken);

    public async Task<AccountOutcome<Account>> SetGroupsAsync(
        string name,
        ImmutableArray<string> groups,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        (AccountName.Refusal(name) ?? GroupRefusal(groups)) is { } wrong ? new AccountOutcome<Account>.Invalid(wrong)
        : name == actor
            ? new AccountOutcome<Account>.Blocked(
                "nobody changes their own groups: a group may have grants.",
                "another administrator does it."
            )
        : await accounts.SetGroupsAsync(AccountName.Create(name), groups, actor, reason, cancellationToken)
            ? await FoundAsync(name, cancellationToken)
        : Unknown<Account>(name);

    public async Task<AccountOutcome<Account>> SetDisabledAsync(
        string name,
        bool isDisabled,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        if (AccountName.Refusal(name) is { } wrong)
        {
            return new AccountOutcome<Account>.Invalid(wrong);
        }

        var account = AccountName.Create(name);
        if (await accounts.SetDisabledAsync(account, isDisabled, actor, reason, cancellationToken))
        {
            return await FoundAsync(name, cancellationToken);
        }

        return await accounts.FindAsync(account, cancellationToken) is null
            ? Unknown<Account>(name)
            : new AccountOutcome<Account>.Conflict($"{name} is {(isDisabled ? "disabled" : "enabled")} already.");
    }

    /// <summary>Changes somebody's own password.</summary>
    public async Task<AccountOutcome<Account>> ChangePasswordAsync(
        AccountName person,
        string old,
        string chosen,
        string? session,
        CancellationToken cancellationToken
    )
    {
        if (PasswordHash.Refusal(chosen) is { } weak)
        {
            return new AccountOutcome<Account>.Invalid(weak);
        }

        if (chosen == old || chosen.Contains(person.Short, StringComparison.OrdinalIgnoreCase))
        {
            return new AccountOutcome<Account>.Invalid("a new password is another one, without your name in it.");
        }

        var (hash, _) = await accounts.PasswordAsync(person, cancellationToken);
        if (!PasswordHash.Matches(hash, old))
        {
            return new AccountOutcome<Account>.Blocked("the password of now is wrong.");
        }

        await accounts.SetPasswordAsync(person, PasswordHash.Of(chosen), session, cancellationToken);
        return await FoundAsync(person.Value, cancellationToken);
    }

    private async Task<AccountOutcome<GivenSecret>> GiveAsync(
        AccountName person,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        var secret = TokenText.Secret();
        var until = clock.GetUtcNow() + SecretLife;
        return await accounts.GiveSecretAsync(person, PasswordHash.Of(secret), until, actor, reason, cancellationToken)
            ? new AccountOutcome<GivenSecret>.Done(new(person.Value, secret, until))
            : Unknown<GivenSecret>(person.Value);
    }

    private async Task<AccountOutcome<Account>> FoundAsync(string name, CancellationToken cancellationToken) =>
        await accounts.FindAsync(AccountName.Create(name), cancellationToken) is { } account
            ? new AccountOutcome<Account>.Done(account)
            : Unknown<Account>(name);

    internal static AccountOutcome<TMade> Unknown<TMade>(string name) =>
        new AccountOutcome<TMade>.Unknown($"there is no {name}.", "tidegate access accounts list shows all.");

    private static string? LabelRefusal(string? label) =>
        label is null || (label.Length <= LongestLabel && !label.Any(char.IsControl))
            ? null
            : $"a label has at most {LongestLabel} characters, in one line.";

    private static string? GroupRefusal(ImmutableArray<string> groups) =>
        groups.Length > MostGroups
            ? $"an account is in at most {MostGroups} groups."
            : groups.Select(group => NameRules.Refusal("group", group)).FirstOrDefault(refusal => refusal is not null);
}

/// <param name="Secret">Null for a service account; else a secret, told this once.</param>
public sealed record GivenSecret(string Name, string? Secret, DateTimeOffset? Until)
{
    // Not as a record would: it holds a secret.
    public override string ToString() => Name;
}
