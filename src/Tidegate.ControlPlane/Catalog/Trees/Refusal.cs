using Tidegate.ControlPlane.Catalog.Python;

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
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Code">The rule of <see cref="Gates.StaticGates"/> that says the same of a release; null where none does.</param>
/// <param name="At">Where in a file; null when <paramref name="Message"/> names the place itself.</param>
public sealed record Refusal(RefusalKind Kind, string Message, string? Code = null, SourcePlace? At = null)
{
    /// <summary>What is wrong, where, and what to do, in one sentence.</summary>
    public string Sentence => At is null ? Message : $"{At}: {Message}";
}

/// <summary>A place in a file on disk.</summary>
/// <param name="Position">Null for the file as a whole.</param>
public sealed record SourcePlace(string File, PythonPosition? Position)
{
    public override string ToString() => Position is { } position ? $"{File}:{position}" : File;
}
