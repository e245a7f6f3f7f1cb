using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Parity;

/// <summary>What a difference means.</summary>
public enum ParityWeight
{
    /// <summary>What staging showed need not hold in production.</summary>
    Matters,

    /// <summary>It is not known whether there is a difference.</summary>
    Unknown,

    /// <summary>The release itself explains it, or it is worth knowing and no more.</summary>
    Note,
}

/// <summary>One difference between two environments.</summary>
/// <param name="Upstream">The value there; null when it has none.</param>
/// <param name="Downstream">The value there; null when it has none.</param>
/// <param name="Tenants">How many tenants downstream it concerns.</param>
/// <param name="Example">One of them; null when it concerns none in particular.</param>
public sealed record ParityDifference(
    ParityKey Key,
    string? Upstream,
    string? Downstream,
    int Tenants,
    TenantName? Example,
    ParityWeight Weight,
    string Why
);
