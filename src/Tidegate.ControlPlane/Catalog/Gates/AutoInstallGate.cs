using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>Modules that get into a database without anybody asking.</summary>
internal static class AutoInstallGate
{
    private static readonly GateRule Surprise = new(
        "auto-install-surprise",
        Severity.Warning,
        "A module that the next update of any module installs by itself",
        "Whoever has its triggers gets it, with its tables, jobs and screens, although no plan says so.",
        "Keep it if that is meant; otherwise set auto_install to False."
    );

    public static StaticGate Gate { get; } = new("auto_install", [Surprise], Judge);

    private static IEnumerable<Finding> Judge(GateInput input) =>
        from module in input.Release.Modules.Values
        where module.Module is { Installable: true, AutoInstall: not null } && IsNews(module, input)
        let triggers = module.Module.AutoInstall!.Value
        select Surprise.In(
            module,
            ModuleManifest.FileName,
            module.Manifest.Find("auto_install")?.At.Line,
            triggers.IsEmpty
                ? "it is installed in every database"
                : $"it is installed wherever {string.Join(" and ", triggers)} {(triggers.Length == 1 ? "is" : "are")}",
            input.Before is null ? Severity.Info : Severity.Warning
        );

    // Against nothing, only what is not Odoo's own is worth a line.
    private static bool IsNews(ModuleView module, GateInput input) =>
        input.Before is null
            ? module.IsAddon
            : input.Earlier(module)?.Module is not { Installable: true, AutoInstall: { } before }
                || !before.SequenceEqual(module.Module.AutoInstall!.Value, StringComparer.Ordinal);
}
