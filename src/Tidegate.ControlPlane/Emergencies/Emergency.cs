using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Emergencies;

/// <summary>A start that went past git or past gates, and what was said of it since.</summary>
/// <param name="Overrides">Exactly the gates and rules of calendars that it went past.</param>
/// <param name="Expires">When its rollout halts if it has not ended.</param>
/// <param name="SecondUntil">Until when a second person has to say yes; null where none is asked.</param>
/// <param name="IsRunning">Its rollout has not ended.</param>
public sealed record Emergency(
    EmergencyId Id,
    EnvironmentName Environment,
    ReleaseRef Release,
    RolloutId Rollout,
    string By,
    string Reason,
    ImmutableArray<string> Overrides,
    DateTimeOffset At,
    DateTimeOffset Expires,
    DateTimeOffset? SecondUntil,
    bool IsRunning
)
{
    /// <summary>The second person's yes; null without.</summary>
    public EmergencyWord? Seconded { get; init; }

    /// <summary>That it was halted, and why; null when it was not.</summary>
    public EmergencyWord? Halted { get; init; }

    /// <summary>The review's end; null while it is open.</summary>
    public EmergencyWord? Closed { get; init; }
}

/// <summary>Something that was said of an emergency.</summary>
public sealed record EmergencyWord(string By, DateTimeOffset At, string? Reason);
