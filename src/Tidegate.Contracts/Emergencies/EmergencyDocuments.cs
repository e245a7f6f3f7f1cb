namespace Tidegate.Contracts.Emergencies;

/// <summary>A start that went past git or past gates.</summary>
/// <param name="State"><c>open</c>, <c>halted</c> or <c>closed</c>: until it is closed no ordinary release goes there.</param>
/// <param name="Overrides">Exactly the gates and rules of calendars that it went past.</param>
/// <param name="SecondUntil">Until when a second person has to say yes; null where none is asked.</param>
public sealed record EmergencyView(
    string Id,
    string Environment,
    string Release,
    string Rollout,
    string State,
    string By,
    string Reason,
    IReadOnlyList<string> Overrides,
    DateTimeOffset At,
    DateTimeOffset Expires,
    DateTimeOffset? SecondUntil,
    EmergencyWordView? Seconded,
    EmergencyWordView? Halted,
    EmergencyWordView? Closed
);

/// <summary>Something that was said of it.</summary>
public sealed record EmergencyWordView(string By, DateTimeOffset At, string? Reason);

/// <summary>Says something of an emergency.</summary>
public sealed record SayOfEmergency(string? Reason = null);
