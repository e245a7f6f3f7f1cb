using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Policy;

/// <summary>What git says of an environment, as it was taken last: which release, after which environment, under which policy.</summary>
/// <param name="Release">By the name and digest that git gives; null asks for none. Whether such a release is registered is a gate's question.</param>
/// <param name="Upstream">Environments in which the very same digest must have been verified before; all of them.</param>
/// <param name="Soak">How long it must have stayed there, healthy and without a break, since it was verified.</param>
/// <param name="Commit">The commit that changed any of this last; one that only moves lines does not.</param>
/// <param name="Author">Who wrote that commit, as git says: <c>Ann Lee &lt;ann@example.com&gt;</c>.</param>
/// <param name="AcceptedAt">When it was taken.</param>
public sealed record EnvironmentTerms(
    EnvironmentName Environment,
    ReleaseRef? Release,
    ImmutableArray<EnvironmentName> Upstream,
    TimeSpan Soak,
    EnvironmentPolicy Policy,
    string Commit,
    string Author,
    DateTimeOffset AcceptedAt
)
{
    /// <summary>Where in git each rule stands that is written, <c>gates.validation</c>: <c>policies/careful.yaml:4</c>.</summary>
    public ImmutableSortedDictionary<string, string> Places { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What the release closes as a security fix, where soak and bake are shorter for it; null where they are not.</summary>
    public string? Expedited { get; init; }
}
