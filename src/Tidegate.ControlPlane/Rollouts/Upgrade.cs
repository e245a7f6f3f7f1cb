using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>One tenant's upgrade as it is stored: where it stands and when it is due next.</summary>
/// <param name="Position">Index of the next step in the list of its direction.</param>
/// <param name="Attempts">Failed attempts at the next step so far.</param>
/// <param name="DueAt">Not before this instant.</param>
/// <param name="Ending">How it will end, or ended: set when it turns back or finishes.</param>
/// <param name="Reason">Why it turned back, waits or asks: one sentence.</param>
/// <param name="Evidence">Where the proof of <paramref name="Reason"/> is.</param>
public sealed record Upgrade(
    UpgradeId Id,
    RolloutId Rollout,
    UpgradeTarget Target,
    ImmutableArray<Step> Steps,
    ImmutableArray<Step> Back,
    UpgradeState State,
    int Position,
    int Attempts,
    DateTimeOffset DueAt,
    UpgradeEnding? Ending,
    string? Reason,
    string? Evidence
)
{
    /// <summary>The step that runs next; null when there is none to run now.</summary>
    public Step? Next =>
        State switch
        {
            UpgradeState.Forward => Steps[Position],
            UpgradeState.Back => Back[Position],
            UpgradeState.Pending or UpgradeState.Asking or UpgradeState.Ended => null,
        };

    /// <summary>Whether it is, or asks, on the way back: its ending is known before it has ended.</summary>
    public bool IsTurnedBack => Ending is UpgradeEnding.RolledBack or UpgradeEnding.PutOff;

    /// <summary>The step at its place, also of one that waits for a person.</summary>
    public Step Place => (IsTurnedBack ? Back : Steps)[Position];
}

/// <summary>Where an upgrade stands. Stored by name.</summary>
public enum UpgradeState
{
    /// <summary>Not begun. The rollout's decision moves it on, to Forward or Ended.</summary>
    Pending,

    /// <summary>On the way to the release. Each step's outcome moves it on.</summary>
    Forward,

    /// <summary>On the way back. Each step's outcome moves it on; nothing freezes it.</summary>
    Back,

    /// <summary>Waits for a person: it cannot be told what happened. A retry moves it on.</summary>
    Asking,

    /// <summary>Final; <see cref="Upgrade.Ending"/> says how.</summary>
    Ended,
}

/// <summary>How a tenant's upgrade ended.</summary>
public enum UpgradeEnding
{
    /// <summary>The tenant runs the release.</summary>
    Completed,

    /// <summary>The tenant runs the release, and something after opening went wrong that a person should look at.</summary>
    CompletedWithException,

    /// <summary>The release failed on it; the tenant runs the old release with its data as it was.</summary>
    RolledBack,

    /// <summary>It runs the old release and nothing is known to be wrong with the new one: the tenant was busy beyond a bound, or the rollout was aborted.</summary>
    PutOff,

    /// <summary>Never begun: the rollout ended before.</summary>
    Untouched,
}
