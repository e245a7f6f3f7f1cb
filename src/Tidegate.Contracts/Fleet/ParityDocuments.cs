using Tidegate.Contracts.Releases;

namespace Tidegate.Contracts.Fleet;

/// <summary>An environment compared with the one where its releases are tried.</summary>
public sealed record ParityView(
    string Upstream,
    string Downstream,
    GateView Gate,
    IReadOnlyList<ParityDifferenceView> Differences
);

/// <summary>One difference.</summary>
/// <param name="Aspect"><c>module</c>, <c>option</c>, <c>locale</c>, …</param>
/// <param name="Name">What of it: a module's name, <c>collation</c>.</param>
/// <param name="Upstream">The value there; null when it has none.</param>
/// <param name="Downstream">The value there; null when it has none.</param>
/// <param name="Tenants">How many tenants downstream it concerns.</param>
/// <param name="Example">One of them, or null.</param>
/// <param name="Weight"><c>matters</c>, <c>unknown</c> or <c>note</c>.</param>
public sealed record ParityDifferenceView(
    string Aspect,
    string Name,
    string? Upstream,
    string? Downstream,
    int Tenants,
    string? Example,
    string Weight,
    string Why
);
