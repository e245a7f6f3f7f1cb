using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Policy;

/// <summary>What one person may do in an emergency, and how soon another has to look.</summary>
public sealed record EmergencyPolicy
{
    /// <summary>Gates that an emergency may go past that names them; never what keeps data safe.</summary>
    public ImmutableArray<OverridableGate> Overrides { get; init; } = [];

    /// <summary>How soon a second person has to say yes where <see cref="OverridableGate.Approved"/> was gone past.</summary>
    public TimeSpan SecondWithin { get; init; } = TimeSpan.FromHours(4);

    /// <summary>How long an emergency may last at most.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(24);
}

/// <summary>Gates that a policy may let an emergency go past.</summary>
public enum OverridableGate
{
    Approved,
    Protected,
    Drilled,
}
