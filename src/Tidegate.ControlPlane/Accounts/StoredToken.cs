using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>A token as it is stored: without its secret.</summary>
/// <param name="Hash">Of the secret.</param>
/// <param name="IsSession">Made by signing in, ends by signing out.</param>
/// <param name="Ceiling">What it may at most; null for all that its owner may.</param>
/// <param name="UsedAt">To the minute.</param>
public sealed record StoredToken(
    string Id,
    Account Owner,
    byte[] Hash,
    string? Label,
    bool IsSession,
    ImmutableArray<Grant>? Ceiling,
    DateTimeOffset MadeAt,
    string MadeBy,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? UsedAt
);

/// <summary>A token that is to be made.</summary>
public sealed record NewToken(
    string Id,
    AccountName Owner,
    byte[] Hash,
    string? Label,
    bool IsSession,
    ImmutableArray<Grant>? Ceiling,
    DateTimeOffset ExpiresAt
);
