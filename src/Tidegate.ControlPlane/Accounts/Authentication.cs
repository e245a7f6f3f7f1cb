using System.Collections.Immutable;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Tells from what a connection shows who it is. There are several; the first that knows what is shown answers.</summary>
public interface IAuthenticator
{
    /// <summary>Null where nothing is shown that this one reads.</summary>
    Task<Authentication?> AuthenticateAsync(Presented shown, CancellationToken cancellationToken);
}

/// <summary>What a connection shows.</summary>
/// <param name="Bearer">Of its authorization header; a secret.</param>
/// <param name="Peer">The operating system's user at its other end, as the kernel says it.</param>
public sealed record Presented(string? Bearer, Identity? Peer)
{
    // Not as a record would: it holds a secret.
    public override string ToString() => Peer?.ToString() ?? "a connection";
}

/// <summary>Who it is.</summary>
public abstract record Authentication
{
    private Authentication() { }

    public sealed record Known(Identity Who) : Authentication
    {
        public ShownToken? Token { get; init; }
        public ImmutableArray<Grant>? Ceiling { get; init; }
        public bool MustChange { get; init; }
        public bool HoldsHome { get; init; }
    }

    /// <param name="What">Why not, without what was shown.</param>
    /// <param name="Who">Whose it was, where that was proven; else null.</param>
    public sealed record Refused(string What, Identity? Who) : Authentication;
}
