using System.Collections.Immutable;
using Tidegate.ControlPlane.Calendars;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Where a grant reaches.</summary>
/// <param name="Environments">By name; empty for all.</param>
/// <param name="Tags">Only tenants that have these; null for all, and for what is about a whole environment.</param>
public sealed record GrantScope(ImmutableArray<string> Environments, TagExpression? Tags)
{
    public static GrantScope Everywhere { get; } = new([], null);

    public bool Covers(TargetPart part) =>
        (
            Environments.IsEmpty
            || (part.Environment is { } environment && Environments.Contains(environment, StringComparer.Ordinal))
        ) && (Tags is null || (part.Tenant is not null && Tags.Matches(part.Tags)));

    /// <summary>Whether nothing is in the other that is not in this one, as far as can be told from how they are written.</summary>
    public bool Contains(GrantScope other) =>
        (
            Environments.IsEmpty
            || (
                !other.Environments.IsEmpty
                && other.Environments.All(name => Environments.Contains(name, StringComparer.Ordinal))
            )
        ) && (Tags is null || Tags.ToString() == other.Tags?.ToString());

    public override string ToString() =>
        (Environments.IsEmpty ? "everywhere" : $"in {string.Join(", ", Environments)}")
        + (Tags is null ? "" : $" for tenants with {Tags}");
}
