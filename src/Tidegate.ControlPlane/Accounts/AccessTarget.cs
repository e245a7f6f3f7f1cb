using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>What something would be done to: all of these. Without any it is no shop's.</summary>
public sealed record AccessTarget(ImmutableArray<TargetPart> Parts)
{
    /// <summary>A release, one's own account: no shop's.</summary>
    public static AccessTarget NoShop { get; } = new([]);

    /// <summary>The whole fleet, and what belongs to none of it alone.</summary>
    public static AccessTarget Everything { get; } = new([TargetPart.Everything]);
}

/// <summary>An environment with all its tenants, or one tenant of it.</summary>
/// <param name="Environment">Null for the whole fleet.</param>
/// <param name="Tenant">Null for all of the environment.</param>
/// <param name="IsProduction">What is not known to be a proving ground is production.</param>
public sealed record TargetPart(string? Environment, string? Tenant, ImmutableHashSet<string> Tags, bool IsProduction)
{
    public static TargetPart Everything { get; } = new(null, null, [], IsProduction: true);

    public override string ToString() =>
        Tenant is not null ? $"tenant {Tenant} of {Environment}"
        : Environment is not null ? $"environment {Environment}"
        : "the whole fleet";
}
