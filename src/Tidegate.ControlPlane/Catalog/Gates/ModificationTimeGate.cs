using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>A bundle's files have the times that follow from their content.</summary>
internal static class ModificationTimeGate
{
    private static readonly GateRule Moved = new(
        "mtime-not-normalised",
        Severity.Error,
        "A file of a bundle with another time than its content gives it",
        "Odoo names its asset bundles by these times: two processes of one release would delete each other's, and pages answer 404.",
        "Somebody touched the store. Build the release again under a new name, or restore the store from where it was copied with its times."
    );

    public static StaticGate Gate { get; } = new("modification times", [Moved], Judge);

    private static IEnumerable<Finding> Judge(GateInput input) =>
        input.Release.IsBundle ? input.Release.Modules.Values.Select(Judge).OfType<Finding>() : [];

    private static Finding? Judge(ModuleView module)
    {
        var moved = module.Files.Where(file => file.Modified != file.Normalised).Select(file => file.Path).ToList();
        return moved is [var first, ..]
            ? Moved.In(
                module,
                first,
                null,
                $"{first}{(moved.Count > 1 ? $" and {moved.Count - 1} more files" : "")} was written after the build"
            )
            : null;
    }
}
