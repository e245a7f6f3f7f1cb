using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>Migration scripts that run before a module's tables are changed.</summary>
internal static class PreScripts
{
    /// <summary>Whether one that runs on the way from the release before speaks of the field.</summary>
    public static bool Name(GateInput input, ModuleView module, string field) =>
        Running(input, module)
            .Any(script =>
                script.File.Split('/')[^1].StartsWith("pre-", StringComparison.Ordinal)
                && script.Words.Contains(field, StringComparer.Ordinal)
            );

    /// <summary>The module's scripts that run on the way from the release before; none for a module that is new.</summary>
    public static IEnumerable<MigrationFact> Running(GateInput input, ModuleView module)
    {
        if (input.Earlier(module) is not { } before)
        {
            return [];
        }

        return module.Facts.Migrations.Where(script =>
            script.File.Split('/') is [_, var folder, var name]
            && (
                name.StartsWith("pre-", StringComparison.Ordinal)
                || name.StartsWith("post-", StringComparison.Ordinal)
                || name.StartsWith("end-", StringComparison.Ordinal)
            )
            && MigrationScripts.Runs(folder, before.Module.Version, module.Module.Version, input.Release.Core.Series)
        );
    }
}
