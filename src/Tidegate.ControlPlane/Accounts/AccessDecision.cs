namespace Tidegate.ControlPlane.Accounts;

/// <summary>Whether somebody may.</summary>
public abstract record AccessDecision
{
    private AccessDecision() { }

    public sealed record Allowed : AccessDecision
    {
        public static Allowed Instance { get; } = new();
    }

    /// <summary>Nothing says who asks.</summary>
    public sealed record Unknown : AccessDecision
    {
        public static Unknown Instance { get; } = new();
    }

    /// <param name="What">Who may not what, and where.</param>
    /// <param name="Next">Which grant would allow it, or what else would.</param>
    public sealed record Refused(string What, string Next) : AccessDecision;
}
