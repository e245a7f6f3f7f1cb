using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Policy;

/// <summary>What an environment asks of change: when work starts, how a rollout goes, which gates it passes. What is not said has the value that is given here.</summary>
/// <param name="Name">The stem of its file, <c>policies/NAME.yaml</c>.</param>
public sealed record EnvironmentPolicy(PolicyName Name) : INamed<PolicyName>
{
    /// <summary>The policy of an environment that names none.</summary>
    public static EnvironmentPolicy Default { get; } = new(new PolicyName("default"));

    /// <summary>Whether planned work starts by itself when its gates pass.</summary>
    public StartMode Start { get; init; } = StartMode.Automatic;

    /// <summary>What a newer release does while a rollout runs.</summary>
    public BusyMode WhenBusy { get; init; } = BusyMode.Wait;

    /// <summary>Rules of its rollouts; what is null has the rollout's own default.</summary>
    public RolloutRules Rollout { get; init; } = new();

    /// <summary>What none of its rollouts goes beyond.</summary>
    public LimitPolicy Limits { get; init; } = new();

    public GatePolicy Gates { get; init; } = new();

    /// <summary>What must be proven of the way back before production work begins.</summary>
    public ProtectionPolicy Protection { get; init; } = new();

    public SourcePolicy Source { get; init; } = new();

    /// <summary>Who has to agree before work begins.</summary>
    public ApprovalPolicy Approvals { get; init; } = new();

    /// <summary>What one person may do in an emergency.</summary>
    public EmergencyPolicy Emergency { get; init; } = new();

    /// <summary>What a security fix waits less for.</summary>
    public ExpeditedPolicy Expedited { get; init; } = new();

    /// <summary>What is done about live state that differs.</summary>
    public DriftMode Drift { get; init; } = DriftMode.Report;

    /// <summary>On which line of its file each key stands that it says. No part of what it says.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, int> Lines { get; init; } = ImmutableSortedDictionary<string, int>.Empty;
}

/// <summary>Whether planned work starts by itself.</summary>
public enum StartMode
{
    /// <summary>When its gates pass.</summary>
    Automatic,

    /// <summary>When a person says so.</summary>
    Manual,
}

/// <summary>What a newer release does while a rollout of the same environment runs.</summary>
public enum BusyMode
{
    /// <summary>It waits until that one has ended.</summary>
    Wait,

    /// <summary>It takes over the tenants that the rollout has not begun.</summary>
    Supersede,
}

/// <summary>What is done about live state that differs from the desired one.</summary>
public enum DriftMode
{
    /// <summary>It is shown.</summary>
    Report,

    /// <summary>It is made equal again, by the engine and with a ledger entry.</summary>
    Heal,
}
