using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Promotion.Facts;

/// <summary>Everything that a question's answer depends on, read once, as values.</summary>
/// <param name="Terms">What git asks of the environment; null while it says nothing of it.</param>
/// <param name="Registered">The release of the asked name, whatever its digest; null when there is none.</param>
/// <param name="Validation">The validation that was asked for last, whatever became of it; null when none ever was.</param>
/// <param name="Capability">What is stored of the asked digest, or null.</param>
/// <param name="Here">The environment's own tenants.</param>
/// <param name="Upstream">One for each environment of <see cref="EnvironmentTerms.Upstream"/>, in that order.</param>
/// <param name="Hold">The hold on the digest here, or null.</param>
/// <param name="Running">What runs in the environment, or null.</param>
public sealed record PromotionFacts(
    PromotionQuestion Question,
    EnvironmentTerms? Terms,
    ReleaseRecord? Registered,
    LastValidation? Validation,
    Capability? Capability,
    EnvironmentState Here,
    ImmutableArray<UpstreamState> Upstream,
    PromotionHold? Hold,
    RunningRollout? Running
)
{
    /// <summary>What the configuration gate says; null when the policy does not ask it.</summary>
    public GateAnswer? Configuration { get; init; }

    /// <summary>What the parity gate says of all upstream environments; null when the policy does not ask it.</summary>
    public GateAnswer? Parity { get; init; }

    /// <summary>What the gate that asks for proven ways back says; null when the policy does not ask it.</summary>
    public GateAnswer? Protected { get; init; }

    /// <summary>What the gate that asks for drills says; null when the policy does not ask it.</summary>
    public GateAnswer? Drilled { get; init; }

    /// <summary>What the calendars say; null where there are none.</summary>
    public GateAnswer? Opened { get; init; }

    public EnvironmentPolicy Policy => Terms?.Policy ?? EnvironmentPolicy.Default;

    public ReleaseRef Release => Question.Release;

    public EnvironmentName Environment => Question.Environment;

    /// <summary>The record of exactly this release: the asked name with the asked digest; null when there is none.</summary>
    public ReleaseRecord? Record => Registered?.Ref.Digest == Release.Digest ? Registered : null;
}

/// <summary>A validation that somebody asked for.</summary>
/// <param name="Failure">Why it could not be done; null unless it failed.</param>
public sealed record LastValidation(ValidationState State, string? Failure);

/// <summary>Tenants of the environment that the release is to enter.</summary>
/// <param name="OnRelease">How many run the digest.</param>
/// <param name="Ahead">How many run a release that was registered after it.</param>
/// <param name="AheadExample">One of those, with the release that it runs; null when there is none.</param>
/// <param name="Runs">The release that most of them run; null without tenants.</param>
public sealed record EnvironmentState(
    int Tenants,
    int OnRelease,
    int Ahead,
    TenantOnRelease? AheadExample,
    string? Runs
)
{
    public static EnvironmentState Empty { get; } = new(0, 0, 0, null, null);
}

/// <summary>A tenant, and the name of a release.</summary>
public sealed record TenantOnRelease(TenantName Tenant, string Release);

/// <summary>A rollout that has not ended.</summary>
public sealed record RunningRollout(RolloutId Id, ReleaseRef Release);

/// <summary>After a rollout of a digest went back in an environment: automation does not promote it there again.</summary>
/// <param name="Rollout">The rollout that went back.</param>
/// <param name="Reason">Why it did, one sentence.</param>
public sealed record PromotionHold(
    EnvironmentName Environment,
    ReleaseRef Release,
    DateTimeOffset Since,
    RolloutId Rollout,
    string Reason
);
