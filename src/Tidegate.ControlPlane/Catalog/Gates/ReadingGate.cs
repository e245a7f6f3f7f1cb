using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>Files can be read as what they are: the inspector's problems, and files that are not there.</summary>
internal static class ReadingGate
{
    private static readonly GateRule MissingFile = new(
        "data-file-missing",
        Severity.Error,
        "A data or demo file that the manifest lists and the module does not have",
        "The update stops with FileNotFoundError when it comes to the file.",
        "Add the file, or take it out of the manifest."
    );

    private static readonly ImmutableArray<GateRule> Problems =
    [
        new(
            "python-syntax",
            Severity.Error,
            "Python that the release's interpreter cannot compile",
            "The module cannot be loaded: the process ends, or the update does.",
            "Correct the line; mind that it is the release's Python that counts, not yours."
        ),
        new(
            "xml-malformed",
            Severity.Error,
            "XML that is not well-formed",
            "The update stops at the file; a template like this breaks every page.",
            "Close what is open, and write &amp; for &."
        ),
        new(
            "xml-entity",
            Severity.Error,
            "XML that defines entities",
            "A few lines of them fill any memory.",
            "Write the text itself instead of an entity."
        ),
        new(
            "xml-no-data",
            Severity.Error,
            "A data file whose outermost element is not <odoo>",
            "Odoo refuses the file.",
            "Put <odoo> around its records."
        ),
        new(
            "csv-malformed",
            Severity.Error,
            "CSV that cannot be read",
            "The update stops at the file.",
            "Close the quotes, and give every row the columns of the header."
        ),
        new(
            "file-not-utf8",
            Severity.Error,
            "A data file that is not UTF-8",
            "Odoo reads UTF-8 and stops, or loads broken letters.",
            "Save it as UTF-8."
        ),
        new(
            "file-too-large",
            Severity.Error,
            "A file too large to be checked",
            "Nothing can be said about it, and what is not proven does not pass.",
            "Split it, or keep it out of the release."
        ),
        new(
            "file-too-deep",
            Severity.Error,
            "A file nested too deeply, or asking for too much memory, to be read",
            "It would bring down whoever reads it, Odoo included.",
            "Rewrite it flat."
        ),
        new(
            "file-unreadable",
            Severity.Error,
            "A file that may not be read",
            "Odoo, which runs as another user, cannot read it either.",
            "Give the right to read it."
        ),
        new(
            "inspection-failed",
            Severity.Error,
            "A module that could not be inspected",
            "Nothing can be said about it, and what is not proven does not pass.",
            "Look at what the sentence says; validate again when the machine has room."
        ),
    ];

    public static StaticGate Gate { get; } = new("files", [MissingFile, .. Problems], Judge);

    private static IEnumerable<Finding> Judge(GateInput input) =>
        input.Release.Modules.Values.SelectMany(module => Missing(module).Concat(Unreadable(module)));

    private static IEnumerable<Finding> Missing(ModuleView module)
    {
        var files = module.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return module
            .Manifest.DataFiles.Where(file => !files.Contains(file.Value))
            .Select(file =>
                MissingFile.In(module, ModuleManifest.FileName, file.Line, $"{file.Value} is not in the module")
            );
    }

    private static IEnumerable<Finding> Unreadable(ModuleView module) =>
        from problem in module.Facts.Problems
        from rule in Problems
        where rule.Code == problem.Code
        select rule.In(module, problem.File, problem.Line, problem.Message);
}
