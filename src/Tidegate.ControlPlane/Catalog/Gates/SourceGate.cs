using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>What keeps a release from being built at all: the builder's own refusals as findings.</summary>
internal static class SourceGate
{
    private static readonly GateRule Unfit = new(
        RuleCodes.TreeUnfit,
        Severity.Error,
        "The tree holds what cannot be part of a release: a link out of it, a device, a name that is no plain UTF-8, two modules of one name",
        "A release is the same bytes everywhere; what points outside of it is not.",
        "Do as the sentence says."
    );

    private static readonly ImmutableArray<GateRule> Others =
    [
        new(
            RuleCodes.ManifestUnreadable,
            Severity.Error,
            "A manifest is no literal dictionary, or a key that Odoo needs has the wrong type",
            "Odoo does not see the module, or stops at it.",
            "Write plain values: no calls, no names, no operators. Nothing of a manifest is ever executed."
        ),
        new(
            RuleCodes.VersionIllegal,
            Severity.Error,
            "A version that the series does not take",
            "Odoo stops with \"invalid manifest\" when it lists its modules.",
            "Write series and version: 19.0.1.0.0."
        ),
        new(
            RuleCodes.VersionOtherSeries,
            Severity.Error,
            "An addon made for another series",
            "Odoo takes it for not installable and leaves it out silently: its models and views vanish from the shop.",
            "Take the addon's branch for the core's series, and raise the version's first two numbers with it."
        ),
        new(
            RuleCodes.AutoInstallTrigger,
            Severity.Error,
            "auto_install names a module that is not among the dependencies",
            "Odoo stops with an assertion when it reads the manifest.",
            "Add the module to depends, or take it out of auto_install."
        ),
        new(
            RuleCodes.DependencyMissing,
            Severity.Error,
            "A dependency that is not in the release, or is not installable in it",
            "Odoo skips the module with a line in the log and ends with exit code 0: the update seems to have worked.",
            "Add the module that is missing to the release, or correct the name in depends."
        ),
        new(
            RuleCodes.DependencyCycle,
            Severity.Error,
            "Modules that depend on each other in a circle",
            "Odoo can load none of them.",
            "Move what they share into a module below both."
        ),
    ];

    public static StaticGate Gate { get; } = new("tree, manifest and dependencies", [Unfit, .. Others], Judge);

    private static IEnumerable<Finding> Judge(GateInput input) =>
        input.Release.Refusals.Select(refusal => Of(refusal, input.Release));

    /// <summary>A refusal as a finding; one without a rule of its own concerns the tree.</summary>
    public static Finding Of(Refusal refusal, ReleaseFacts? release)
    {
        var rule =
            Others.FirstOrDefault(rule => string.Equals(rule.Code, refusal.Code, StringComparison.Ordinal)) ?? Unfit;
        var module = refusal.At is { } at ? Path.GetFileName(Path.GetDirectoryName(at.File)) : null;
        return new(
            rule.Code,
            rule.Severity,
            refusal.Message,
            rule.Why,
            rule.Mend,
            module,
            refusal.At is null ? null : ModuleManifest.FileName,
            refusal.At?.Position?.Line
        );
    }
}
