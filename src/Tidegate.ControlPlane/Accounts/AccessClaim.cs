using System.Collections.Immutable;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Who asks, with all that speaks for it.</summary>
/// <param name="Grants">Of the account and of its groups.</param>
public sealed record AccessClaim(Identity Who, ImmutableArray<Grant> Grants)
{
    /// <summary>What a token may at most, whatever its owner may; null where it is not bound.</summary>
    public ImmutableArray<Grant>? Ceiling { get; init; }

    /// <summary>The token that was shown.</summary>
    public ShownToken? Token { get; init; }

    /// <summary>The password was given by somebody else.</summary>
    public bool MustChange { get; init; }

    /// <summary>It is the operating system's user that owns the home.</summary>
    public bool HoldsHome { get; init; }
}

/// <param name="IsSession">Somebody signed in by password.</param>
public sealed record ShownToken(string Id, bool IsSession, DateTimeOffset ExpiresAt);
