using System.Globalization;

namespace Tidegate.ControlPlane.Emergencies;

/// <summary>Whether an emergency has to be halted. Pure.</summary>
public static class EmergencyDecider
{
    /// <summary>One sentence that says why it is halted now; null while it goes on, or when that was done.</summary>
    public static string? Halts(Emergency emergency, DateTimeOffset now) =>
        emergency.Halted is not null ? null
        : emergency is { Seconded: null, SecondUntil: { } until } && until <= now
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"no second person said yes to emergency {emergency.Id} until {until.ToUniversalTime():u}"
            )
        : emergency.IsRunning && emergency.Expires <= now
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"emergency {emergency.Id} expired at {emergency.Expires.ToUniversalTime():u}"
            )
        : null;
}
