namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>Kinds of values that several parts of a case have.</summary>
internal static class CaseKinds
{
    public static readonly ReadTextKind Instant = new(
        "an instant with its offset or zone, like 2026-11-27T22:00+01:00 or 2026-11-27T22:00 Europe/Oslo",
        CaseTime.Longest,
        text => CaseTime.Read(text)
    );

    /// <summary>A person or a stranger, by whatever name.</summary>
    public static TextKind Anybody(string who) => new($"{who}, by name, account, address or key", 200);
}
