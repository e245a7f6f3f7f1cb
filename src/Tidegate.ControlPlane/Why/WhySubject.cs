namespace Tidegate.ControlPlane.Why;

/// <summary>What is asked about, by kind and name.</summary>
public readonly record struct WhySubject(string Kind, string Name)
{
    public const string Tenant = "tenant";
    public const string Rollout = "rollout";
    public const string Environment = "environment";
    public const string Release = "release";
    public const string Commit = "commit";
    public const string Approval = "approval";
    public const string Source = "source";
    public const string Pool = "pool";
    public const string Generation = "generation";

    /// <summary>The longest text that names an object.</summary>
    public const int Longest = 200;

    /// <summary>Null where the text is a name without a kind.</summary>
    public static WhySubject? Parse(string text) =>
        text.IndexOf('/', StringComparison.Ordinal) is var slash and > 0
            ? new(text[..slash], text[(slash + 1)..])
            : null;

    public override string ToString() => $"{Kind}/{Name}";
}
