using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Emergencies;

/// <summary>An environment that had an emergency.</summary>
/// <param name="Mark">Another whenever there is one more, git asks for another release, or one more rollout has ended, also one that began and ended between two looks.</param>
/// <param name="IsMoving">Whether a rollout runs there.</param>
public sealed record EmergencyPlace(EnvironmentName Environment, string Mark, bool IsMoving);

/// <summary>When tenants are counted that run what git does not ask for. It reads all of them: only where the answer may be another is it done soon.</summary>
public sealed class UnaskedPace
{
    /// <summary>While a rollout moves tenants.</summary>
    public static readonly TimeSpan Moving = TimeSpan.FromSeconds(10);

    /// <summary>For what moves a tenant and is no rollout.</summary>
    public static readonly TimeSpan Still = TimeSpan.FromMinutes(5);

    private IReadOnlyList<EmergencyPlace> _places = [];
    private DateTimeOffset? _counted;

    public bool IsDue(IReadOnlyList<EmergencyPlace> places, DateTimeOffset now) =>
        places.Count > 0
        && (
            _counted is not { } counted
            || !places.SequenceEqual(_places)
            || now - counted >= (places.Any(place => place.IsMoving) ? Moving : Still)
        );

    /// <param name="places">As they were before it was counted.</param>
    public void Counted(IReadOnlyList<EmergencyPlace> places, DateTimeOffset now) =>
        (_places, _counted) = (places, now);
}
