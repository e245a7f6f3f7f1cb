using System.Collections.Immutable;
using System.IO.Enumeration;

namespace Tidegate.ControlPlane.Policy;

/// <summary>What one person may do in an emergency, and how soon another has to look.</summary>
public sealed record EmergencyPolicy
{
    /// <summary>The gates that an emergency may name; never what keeps data safe.</summary>
    public const string Approved = "approved";
    public const string Protected = "protected";
    public const string Drilled = "drilled";

    /// <summary>What an emergency may go past that names it: gates, and rules of calendars as <c>freeze:retail/black-friday</c>, with <c>*</c> for any characters and <c>?</c> for any one.</summary>
    public ImmutableArray<string> Overrides { get; init; } = [];

    /// <summary>How soon a second person has to say yes where <see cref="Approved"/> or a rule of a calendar was gone past.</summary>
    public TimeSpan SecondWithin { get; init; } = TimeSpan.FromHours(4);

    /// <summary>How long an emergency may last at most.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether an emergency may go past that.</summary>
    /// <param name="named">A gate, or a rule with its whole name.</param>
    public bool Lets(string named) =>
        Overrides.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, named, ignoreCase: false));
}
