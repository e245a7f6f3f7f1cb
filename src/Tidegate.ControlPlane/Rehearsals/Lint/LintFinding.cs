namespace Tidegate.ControlPlane.Rehearsals.Lint;

/// <summary>How much a finding matters.</summary>
public enum LintSeverity
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>To be looked at.</summary>
    Warning,

    /// <summary>Needs somebody's approval.</summary>
    High,

    /// <summary>The release must not go to this tenant so.</summary>
    Block,
}

/// <summary>What a rule found in a migration as it was observed.</summary>
/// <param name="Rule">The rule's number; stable.</param>
/// <param name="Code">Its name, for programs: <c>table-rewrite</c>.</param>
/// <param name="Where">A table, a column, an index, a statement.</param>
/// <param name="What">What was seen, one sentence.</param>
/// <param name="Why">Why it matters.</param>
/// <param name="Mend">How to mend it.</param>
public sealed record LintFinding(
    int Rule,
    string Code,
    LintSeverity Severity,
    string Where,
    string What,
    string Why,
    string Mend
);
