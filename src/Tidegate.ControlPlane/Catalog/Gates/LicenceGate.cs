using System.Collections.Frozen;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>Each module says under which licence it is, and goes only where that allows.</summary>
internal static class LicenceGate
{
    private static readonly GateRule None = new(
        "licence-missing",
        Severity.Warning,
        "A module without a licence",
        "Odoo takes it for LGPL-3, whatever its makers meant.",
        "Add license to the manifest."
    );

    private static readonly GateRule Unknown = new(
        "licence-unknown",
        Severity.Error,
        "A licence that Odoo does not know",
        "It is no value of the module's selection: updating the list of modules fails.",
        "Take one of Odoo's own words: LGPL-3, AGPL-3, OPL-1, Other proprietary, …"
    );

    private static readonly GateRule Conflict = new(
        "licence-conflict",
        Severity.Warning,
        "A module under the GPL or AGPL that needs a proprietary one, or the reverse",
        "Whoever passes the two on together breaks one of the licences.",
        "Ask the makers; a connecting module under the LGPL often resolves it."
    );

    private static readonly GateRule Foreign = new(
        "licence-not-yours",
        Severity.Error,
        "A proprietary module in a release for another owner's pools",
        "The owner of the pool has no right to run it.",
        "Make a release for that pool without the module."
    );

    private static readonly FrozenSet<string> Proprietary = FrozenSet.ToFrozenSet(
        ["OEEL-1", "OPL-1", "Other proprietary"],
        StringComparer.Ordinal
    );

    private static readonly FrozenSet<string> Copyleft = FrozenSet.ToFrozenSet(
        ["GPL-2", "GPL-2 or any later version", "GPL-3", "GPL-3 or any later version", "AGPL-3"],
        StringComparer.Ordinal
    );

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        [.. Proprietary, .. Copyleft, "LGPL-3", "Other OSI approved licence"],
        StringComparer.Ordinal
    );

    public static StaticGate Gate { get; } = new("licences", [None, Unknown, Conflict, Foreign], Judge);

    /// <summary>Proprietary modules of somebody else than the pool's owner. A module that nobody is named for is nobody's to offer.</summary>
    public static IEnumerable<Finding> Offer(ReleaseFacts release, ModuleOffer offer) =>
        from module in release.Modules.Values
        where module.IsAddon && IsProprietary(module)
        let owner = offer.Owners.GetValueOrDefault(module.Name)
        where !string.Equals(owner, offer.PoolOwner, StringComparison.Ordinal)
        select Foreign.In(
            module,
            ModuleManifest.FileName,
            Line(module),
            $"it is {Licence(module)} of {owner ?? "an unnamed owner"}, and the pool is {offer.PoolOwner}'s"
        );

    private static IEnumerable<Finding> Judge(GateInput input) =>
        input
            .Release.Modules.Values.SelectMany(module => Judge(module, input))
            .Concat(input.Offer is { } offer ? Offer(input.Release, offer) : []);

    private static IEnumerable<Finding> Judge(ModuleView module, GateInput input)
    {
        if (Licence(module) is not { Length: > 0 } licence)
        {
            yield return None.In(module, ModuleManifest.FileName, 1, "the manifest names no license");
            yield break;
        }

        if (!Known.Contains(licence))
        {
            var near = Known.FirstOrDefault(known => known.StartsWith(licence, StringComparison.OrdinalIgnoreCase));
            var hint = (near ?? Spelling.Nearest(licence, Known)) is { } other ? $"; did you mean \"{other}\"?" : "";
            yield return Unknown.In(
                module,
                ModuleManifest.FileName,
                Line(module),
                $"Odoo knows no licence \"{licence}\"{hint}"
            );
        }

        var isCopyleft = Copyleft.Contains(licence);
        if (
            (isCopyleft || Proprietary.Contains(licence))
            && input
                .Closures.Of(module.Name)
                .Order(StringComparer.Ordinal)
                .Select(name => input.Release.Modules[name])
                .FirstOrDefault(other => isCopyleft ? IsProprietary(other) : Copyleft.Contains(Licence(other) ?? ""))
                is { } conflicting
        )
        {
            yield return Conflict.In(
                module,
                ModuleManifest.FileName,
                Line(module),
                $"it is {licence} and needs {conflicting.Name}, which is {Licence(conflicting)}"
            );
        }
    }

    private static bool IsProprietary(ModuleView module) => Proprietary.Contains(Licence(module) ?? "");

    private static string? Licence(ModuleView module) => module.Manifest.Text("license");

    private static int? Line(ModuleView module) => module.Manifest.Find("license")?.At.Line;
}
