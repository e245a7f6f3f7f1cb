using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>What a module needs from Python is there, and what it imports of Odoo it depends on.</summary>
internal static class PythonGate
{
    private static readonly GateRule NoDependency = new(
        "python-dependency-missing",
        Severity.Error,
        "external_dependencies names a Python package that the release's Python does not have",
        "Odoo refuses to install the module, or skips it and still ends with exit code 0.",
        "Install the package into the release, or correct its name or version."
    );

    private static readonly GateRule NoImport = new(
        "import-missing",
        Severity.Error,
        "A file that Odoo loads imports what the release's Python does not have",
        "The module cannot be loaded: the process ends, or serves without it.",
        "Install the package into the release and name it in external_dependencies; or import it below try."
    );

    private static readonly GateRule NoAddon = new(
        "import-addon-undeclared",
        Severity.Error,
        "An import from a module of Odoo that the module does not depend on",
        "It works only where the other module happens to be there, and then loads it too early.",
        "Add the other module to depends."
    );

    private static readonly GateRule NoFile = new(
        "import-local-missing",
        Severity.Error,
        "An import of a file of its own that the module does not have",
        "The module cannot be loaded.",
        "Add the file, or take the import out."
    );

    private static readonly GateRule NotImported = new(
        "python-not-imported",
        Severity.Warning,
        "A file with models that no __init__.py reaches",
        "Its models and fields do not exist for Odoo.",
        "Import it in the folder's __init__.py, or remove it."
    );

    public static StaticGate Gate { get; } =
        new("Python", [NoDependency, NoImport, NoAddon, NoFile, NotImported], Judge);

    private static IEnumerable<Finding> Judge(GateInput input)
    {
        var packages = input.Release.Missing.Distributions.ToHashSet(StringComparer.Ordinal);
        var imports = input.Release.Missing.Imports.ToHashSet(StringComparer.Ordinal);
        return input.Release.Modules.Values.SelectMany(module =>
            Dependencies(module, packages)
                .Concat(Imports(module, imports))
                .Concat(Addons(module, input))
                .Concat(Files(module))
        );
    }

    // A core may bring modules whose packages nobody installed because nobody uses them.
    private static Severity? Weight(ModuleView module) => module.IsAddon ? null : Severity.Warning;

    private static IEnumerable<Finding> Dependencies(ModuleView module, HashSet<string> missing) =>
        from wanted in PythonNeeds.Declared(module)
        where missing.Contains(wanted.Value)
        select NoDependency.In(
            module,
            ModuleManifest.FileName,
            wanted.Line,
            $"the release's Python has no {wanted.Value}",
            Weight(module)
        );

    private static IEnumerable<Finding> Imports(ModuleView module, HashSet<string> missing) =>
        PythonNeeds
            .ImportsOf(module)
            .Where(import => missing.Contains(PythonNeeds.Root(import.Name)))
            .DistinctBy(import => PythonNeeds.Root(import.Name), StringComparer.Ordinal)
            .Select(import =>
                NoImport.In(
                    module,
                    import.File,
                    import.Line,
                    $"the release's Python has no {PythonNeeds.Root(import.Name)}",
                    Weight(module)
                )
            );

    private static IEnumerable<Finding> Addons(ModuleView module, GateInput input)
    {
        var closure = input.Closures.Of(module.Name);
        return from import in module.Facts.Imports
            let other = PythonNeeds.OdooModule(import.Name)
            where other is not null && import.Sure && !closure.Contains(other)
            let isThere = input.Release.Modules.ContainsKey(other)
            select NoAddon.In(
                module,
                import.File,
                import.Line,
                isThere
                    ? $"it imports from {other} and does not depend on it"
                    : $"it imports from {other}, which is nowhere in the release",
                isThere ? Severity.Warning : Severity.Error
            );
    }

    private static IEnumerable<Finding> Files(ModuleView module) =>
        module
            .Facts.Problems.Where(problem => problem.Code == NoFile.Code)
            .Select(problem => NoFile.In(module, problem.File, problem.Line, $"{problem.Message} is not in the module"))
            .Concat(
                module
                    .Facts.Models.Where(model => !model.Loaded)
                    .DistinctBy(model => model.File, StringComparer.Ordinal)
                    .Select(model => NotImported.In(module, model.File, model.Line, "no __init__.py imports this file"))
            );
}
