using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>A module that changed says so in its version.</summary>
internal static class VersionGate
{
    private static readonly GateRule NotRaised = new(
        "version-not-raised",
        Severity.Error,
        "A module's files changed and its version did not",
        "Migration scripts run by version, and every tool that compares versions, Odoo's own included, leaves the module as it was.",
        "Raise the version in the manifest."
    );

    private static readonly GateRule Lowered = new(
        "version-lowered",
        Severity.Error,
        "A version that is lower than in the release before",
        "Odoo records the lower version and later runs migration scripts again that have run already.",
        "Give the module a version above that of the release before."
    );

    private static readonly Func<string, bool> Counts = ChecksumRule.ClickOdoo.Counts();

    public static StaticGate Gate { get; } = new("versions", [NotRaised, Lowered], Judge) { NeedsBefore = true };

    private static IEnumerable<Finding> Judge(GateInput input) =>
        from module in input.Release.Modules.Values
        let before = input.Earlier(module)
        where before is not null
        from finding in JudgeModule(module, before)
        select finding;

    private static IEnumerable<Finding> JudgeModule(ModuleView module, ModuleView before)
    {
        var line = module.Manifest.Find("version")?.At.Line ?? 1;
        if (
            OdooVersion.TryParse(module.Module.Version) is { } now
            && OdooVersion.TryParse(before.Module.Version) is { } then
            && now.IsBefore(then)
        )
        {
            yield return Lowered.In(
                module,
                ModuleManifest.FileName,
                line,
                $"the version is {module.Module.Version}, it was {before.Module.Version}"
            );
        }

        if (!string.Equals(module.Module.Version, before.Module.Version, StringComparison.Ordinal))
        {
            yield break;
        }

        var changed = ChangedFiles(module, before).Where(Counts).Order(StringComparer.Ordinal).ToList();
        if (changed.Count > 0)
        {
            // Code alone is served by a restart; data that is not loaded is a shop that runs half of the release.
            yield return NotRaised.In(
                module,
                ModuleManifest.FileName,
                line,
                $"{changed[0]}{(changed.Count > 1 ? $" and {changed.Count - 1} more files" : "")} changed, and the version is still {module.Module.Version}",
                changed.TrueForAll(IsCode) ? Severity.Warning : Severity.Error
            );
        }
    }

    /// <summary>Paths whose content differs, or that only one of the two has.</summary>
    public static IEnumerable<string> ChangedFiles(ModuleView module, ModuleView before) =>
        module
            .Files.Select(file => (file.Path, file.Hash))
            .ToHashSet()
            .SymmetricExceptAnd(before.Files.Select(file => (file.Path, file.Hash)))
            .Select(file => file.Path)
            .Distinct(StringComparer.Ordinal);

    private static HashSet<T> SymmetricExceptAnd<T>(this HashSet<T> set, IEnumerable<T> other)
    {
        set.SymmetricExceptWith(other);
        return set;
    }

    private static bool IsCode(string path) =>
        path.EndsWith(".py", StringComparison.Ordinal)
        && path is not ModuleManifest.FileName
        && !path.StartsWith("migrations/", StringComparison.Ordinal)
        && !path.StartsWith("upgrades/", StringComparison.Ordinal);
}
