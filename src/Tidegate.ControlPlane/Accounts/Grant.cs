using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Somebody has a role in a scope.</summary>
/// <param name="Who">An account, <c>os/UID</c>, or <c>group/NAME</c>.</param>
public sealed record Grant(string Id, string Who, Role Role, GrantScope Scope)
{
    public override string ToString() => $"{Role} {Scope}";
}

/// <summary>A grant with when it was made, and why.</summary>
public sealed record MadeGrant(
    Grant Grant,
    DateTimeOffset At,
    string By,
    string Reason,
    DateTimeOffset? RevokedAt,
    string? RevokedBy
);
