using System.Globalization;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>What was found of modules, their packages and their files. Pure.</summary>
internal static class ModuleComparison
{
    /// <summary>Where a bundle's tree has Odoo itself.</summary>
    private const string Core = "core/";

    public static IEnumerable<CapabilityFinding> Compare(OdooFacts odoo) =>
        [.. Manifests(odoo), .. Dependencies(odoo), .. Neutralisation(odoo), .. Times(odoo)];

    private static IEnumerable<CapabilityFinding> Manifests(OdooFacts odoo)
    {
        foreach (var addon in odoo.Addons ?? [])
        {
            if (addon.Problem is { } problem)
            {
                yield return new(
                    "manifest-refused",
                    $"module {addon.Name}",
                    "a manifest that Odoo takes",
                    problem,
                    "Odoo stops at it whenever it lists its modules."
                );
            }
            else if (addon.Difference is { } difference)
            {
                yield return new(
                    "module-otherwise",
                    $"module {addon.Name}",
                    "as the release's manifest has it",
                    difference,
                    "Odoo would run something else than what was built and checked."
                );
            }
        }
    }

    /// <summary>Odoo's own modules are not all meant to be used: what only they need is worth knowing.</summary>
    private static IEnumerable<CapabilityFinding> Dependencies(OdooFacts odoo)
    {
        var added = (odoo.Addons ?? [])
            .Where(addon => addon.Path?.StartsWith(Core, StringComparison.Ordinal) == false)
            .Select(addon => addon.Name)
            .ToHashSet(StringComparer.Ordinal);
        return from dependency in odoo.Dependencies ?? []
            where dependency.Problem is not null
            let asking = dependency.Modules.Where(added.Contains).ToList()
            select new CapabilityFinding(
                "dependency-missing",
                $"{dependency.Kind} dependency {dependency.Name} of {string.Join(", ", asking.Count > 0 ? asking : dependency.Modules)}",
                dependency.Kind is "python" ? "it can be imported" : "it is in PATH",
                dependency.Problem ?? "",
                "Odoo refuses to install or update the modules that ask for it.",
                Matters: asking.Count > 0
            );
    }

    private static IEnumerable<CapabilityFinding> Neutralisation(OdooFacts odoo)
    {
        if (odoo.Neutralisation is not { } known)
        {
            yield break;
        }

        if (!known.Scripts.Contains("base", StringComparer.Ordinal))
        {
            yield return new(
                "neutralisation-missing",
                "neutralisation of base",
                "statements that silence a copy",
                "none",
                "Copies would send mail and run every job."
            );
        }

        foreach (var module in known.Uncovered)
        {
            yield return new(
                "neutralisation-incomplete",
                $"module {module.Module}",
                "statements for its credentials",
                $"none for {string.Join(", ", module.Fields)}",
                "Every copy keeps them.",
                Matters: false
            );
        }
    }

    private static IEnumerable<CapabilityFinding> Times(OdooFacts odoo)
    {
        if (odoo.Files is { InFuture: > 0 } files)
        {
            yield return new(
                "files-in-future",
                "modification times",
                "none after now",
                $"{files.InFuture.ToString(CultureInfo.InvariantCulture)} of {files.Files.ToString(CultureInfo.InvariantCulture)} files",
                "Versions of assets are made of them: browsers keep old ones."
            );
        }
    }
}
