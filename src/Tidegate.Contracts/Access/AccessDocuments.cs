namespace Tidegate.Contracts.Access;

/// <summary>How access stands.</summary>
/// <param name="Mode"><c>open</c>: the home's own user has every role without a grant; <c>closed</c>: only grants count.</param>
/// <param name="ChangedAt">When that last changed; null when it never did.</param>
/// <param name="Administrators">How many people could sign in now and give grants.</param>
public sealed record AccessStatusView(
    string Mode,
    DateTimeOffset? ChangedAt,
    string? ChangedBy,
    string? Reason,
    int Administrators
);

/// <summary>Makes the first administrator.</summary>
public sealed record BootstrapAccess(string Name, string? Reason = null);

/// <param name="File">On the server's machine: holds a secret that must be changed at the first sign-in.</param>
public sealed record BootstrappedView(string Name, string File, DateTimeOffset Until);

/// <summary>Closes access, or opens it.</summary>
public sealed record AccessReason(string? Reason = null);

/// <summary>Signs a person in.</summary>
public sealed record SignIn(string Name, string Password)
{
    // Not as a record would: it holds a secret.
    public override string ToString() => Name;
}

/// <param name="Token">A secret.</param>
/// <param name="MustChangePassword">Nothing but <c>tidegate access password</c> works before.</param>
public sealed record SignedInView(string Who, string Token, DateTimeOffset ExpiresAt, bool MustChangePassword)
{
    // Not as a record would: it holds a secret.
    public override string ToString() => Who;
}

/// <summary>Changes one's own password.</summary>
public sealed record ChangePassword(string Old, string New)
{
    // Not as a record would: it holds secrets.
    public override string ToString() => nameof(ChangePassword);
}

/// <summary>Who asks, as the control plane sees it.</summary>
/// <param name="Kind"><c>person</c>, <c>service-account</c> or <c>operating-system-user</c>.</param>
/// <param name="Token">The token that was shown, without its secret; null where none was.</param>
/// <param name="TokenExpiresAt">Null where none was shown.</param>
/// <param name="Roles">What it has, and where. What a token may less is not in it.</param>
/// <param name="HoldsHome">It is the operating system's user that owns the home.</param>
public sealed record WhoAmIView(
    string Who,
    string Kind,
    IReadOnlyList<string> Groups,
    string? Token,
    DateTimeOffset? TokenExpiresAt,
    bool MustChangePassword,
    bool HoldsHome,
    IReadOnlyList<HeldRoleView> Roles
);

/// <param name="Environments">Empty for all.</param>
/// <param name="Grant">Null where access is open and no grant is needed.</param>
public sealed record HeldRoleView(string Role, IReadOnlyList<string> Environments, string? Tags, string? Grant);

/// <summary>A person or a program that may sign in.</summary>
/// <param name="Name"><c>person/anna</c>, <c>service/ci</c>.</param>
public sealed record AccountView(
    string Name,
    string? Label,
    IReadOnlyList<string> Groups,
    DateTimeOffset MadeAt,
    string MadeBy,
    DateTimeOffset? DisabledAt,
    bool MustChangePassword,
    DateTimeOffset? SignedInAt
);

/// <summary>Makes an account.</summary>
public sealed record AddAccount(
    string Name,
    string? Label = null,
    IReadOnlyList<string>? Groups = null,
    string? Reason = null
);

/// <summary>Puts an account into these groups and no others.</summary>
public sealed record SetGroups(IReadOnlyList<string> Groups, string? Reason = null);

/// <param name="Secret">The password of the first sign-in, told this once; null for a service account.</param>
/// <param name="Until">Until when it counts.</param>
public sealed record GivenSecretView(string Name, string? Secret, DateTimeOffset? Until)
{
    // Not as a record would: it holds a secret.
    public override string ToString() => Name;
}

/// <summary>Somebody has a role in a scope.</summary>
/// <param name="Environments">Empty for all.</param>
/// <param name="Tags">An expression; null for all tenants.</param>
public sealed record GrantView(
    string Id,
    string Who,
    string Role,
    IReadOnlyList<string> Environments,
    string? Tags,
    DateTimeOffset MadeAt,
    string MadeBy,
    string Reason,
    DateTimeOffset? RevokedAt,
    string? RevokedBy
);

/// <summary>Gives a role.</summary>
/// <param name="Who"><c>person/anna</c>, <c>service/ci</c>, <c>group/leads</c>, <c>os/1000</c>.</param>
public sealed record AddGrant(
    string Who,
    string Role,
    IReadOnlyList<string>? Environments = null,
    string? Tags = null,
    string? Reason = null
);

public sealed record GivenGrantView(string Id, string Who, string Role, string Scope);

/// <summary>A token, without its secret.</summary>
/// <param name="Ceiling">What it may at most; null for all that its owner may.</param>
/// <param name="UsedAt">To the minute; null while it was not.</param>
public sealed record TokenView(
    string Id,
    string Owner,
    string? Label,
    bool IsSession,
    IReadOnlyList<HeldRoleView>? Ceiling,
    DateTimeOffset MadeAt,
    string MadeBy,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? UsedAt
);

/// <summary>Makes a token.</summary>
/// <param name="Roles">Without any it is for all that its owner may.</param>
public sealed record AddToken(
    string? Label = null,
    int Days = 90,
    IReadOnlyList<string>? Roles = null,
    IReadOnlyList<string>? Environments = null,
    string? Tags = null,
    string? Reason = null
);

/// <param name="Token">A secret, told this once.</param>
public sealed record MadeTokenView(string Id, string Owner, string Token, DateTimeOffset ExpiresAt)
{
    // Not as a record would: it holds a secret.
    public override string ToString() => Id;
}

public sealed record RevokedTokenView(string Id);
