namespace Tidegate.ControlPlane.Accounts;

/// <summary>What came of an order about access.</summary>
public abstract record AccountOutcome<TMade>
{
    private AccountOutcome() { }

    public sealed record Done(TMade Made) : AccountOutcome<TMade>;

    /// <summary>The order itself is wrong.</summary>
    public sealed record Invalid(string What, string? Next = null) : AccountOutcome<TMade>;

    public sealed record Unknown(string What, string? Next = null) : AccountOutcome<TMade>;

    /// <summary>It is so already, or something else is in the way.</summary>
    public sealed record Conflict(string What, string? Next = null) : AccountOutcome<TMade>;

    /// <summary>Nobody may, whatever they may otherwise.</summary>
    public sealed record Blocked(string What, string? Next = null) : AccountOutcome<TMade>;
}
