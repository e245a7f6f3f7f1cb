namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>What kind of thing stands in the way; the command line makes its exit code of it.</summary>
public enum RefusalKind
{
    /// <summary>What was asked for cannot be: a name that is not allowed, a folder that is not there or is no Odoo.</summary>
    Usage,

    /// <summary>Something in the folders cannot become part of a release.</summary>
    Content,

    /// <summary>The name is another release's.</summary>
    Conflict,

    /// <summary>The machine could not do it: disk full, a right missing.</summary>
    Machine,
}

/// <summary>One reason why nothing was built.</summary>
/// <param name="Sentence">What is wrong, where (<c>file:line:column</c> if in a file), and what to do.</param>
public sealed record Refusal(RefusalKind Kind, string Sentence);
