namespace Tidegate.ControlPlane.Rehearsals;

/// <summary>A figure of the business that an upgrade must not change, before and after.</summary>
/// <param name="Name"><c>receivables</c>; stable.</param>
/// <param name="Rule">What must hold.</param>
/// <param name="Before">As text; null where the shop has nothing of the kind.</param>
public sealed record Invariant(string Name, InvariantRule Rule, string? Before, string? After)
{
    /// <summary>Whether it holds. What is there no more does not hold; what is new is nobody's loss.</summary>
    public bool Holds =>
        (Rule, Before, After) switch
        {
            (_, null, _) => true,
            (_, _, null) => false,
            (InvariantRule.Zero, var before, var after) => IsZero(after) || !IsZero(before),
            (InvariantRule.NotLower, var before, var after) => Number(after) >= Number(before),
            (_, var before, var after) => before == after,
        };

    private static bool IsZero(string text) => Number(text) == 0;

    private static decimal Number(string text) =>
        decimal.Parse(
            text,
            System.Globalization.NumberStyles.Number | System.Globalization.NumberStyles.AllowExponent,
            System.Globalization.CultureInfo.InvariantCulture
        );
}

/// <summary>What must hold of a figure.</summary>
public enum InvariantRule
{
    /// <summary>It is the same.</summary>
    Same,

    /// <summary>It is zero, if it was.</summary>
    Zero,

    /// <summary>It has not gone down: a number that was given out is never given out again.</summary>
    NotLower,
}
