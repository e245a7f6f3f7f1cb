using System.Collections.Frozen;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Catalog.Python;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>The manifest's keys: known to the series, of the right kind, naming what is there.</summary>
internal static class ManifestGate
{
    private static readonly GateRule UnknownKey = new(
        "manifest-key-unknown",
        Severity.Warning,
        "A key that Odoo does not know",
        "Odoo ignores it without a word: a misspelt key is a missing one.",
        "Correct its name, or take it out."
    );

    private static readonly GateRule WrongType = new(
        "manifest-value-type",
        Severity.Error,
        "A value of the wrong kind",
        "Odoo takes a text where it wants a list for a list of letters, and skips or breaks on the rest.",
        "Give the kind that the sentence names."
    );

    private static readonly GateRule NoHook = new(
        "manifest-hook-missing",
        Severity.Error,
        "A hook that __init__.py does not have",
        "Odoo stops with an AttributeError when it installs the module.",
        "Define or import the function in the module's __init__.py, or take the key out."
    );

    private static readonly FrozenSet<string> Lists = FrozenSet.ToFrozenSet(
        [
            "data",
            "demo",
            "depends",
            "init_xml",
            "update_xml",
            "demo_xml",
            "test",
            "countries",
            "cloc_exclude",
            "images",
        ],
        StringComparer.Ordinal
    );

    private static readonly FrozenSet<string> Maps = FrozenSet.ToFrozenSet(
        [
            "assets",
            "external_dependencies",
            "configurator_snippets",
            "configurator_snippets_addons",
            "new_page_templates",
            "theme_customizations",
            "images_preview_theme",
        ],
        StringComparer.Ordinal
    );

    private static readonly FrozenSet<string> Hooks = FrozenSet.ToFrozenSet(
        ["pre_init_hook", "post_init_hook", "uninstall_hook", "post_load"],
        StringComparer.Ordinal
    );

    private static readonly FrozenSet<string> Texts = FrozenSet.ToFrozenSet(
        ["name", "summary", "description", "category", "license", "website", "icon", "live_test_url", .. Hooks],
        StringComparer.Ordinal
    );

    // What Odoo reads, what the app store and the community's tools read, and what tells people something.
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        [
            .. Lists,
            .. Maps,
            .. Texts,
            "version",
            "author",
            "maintainer",
            "maintainers",
            "contributors",
            "url",
            "installable",
            "application",
            "auto_install",
            "sequence",
            "bootstrap",
            "web",
            "active",
            "css",
            "js",
            "qweb",
            "certificate",
            "price",
            "currency",
            "support",
            "development_status",
            "demo_url",
            "excludes",
            "post_migrate_hook",
            "old_technical_name",
            "module_type",
            "iap_paid_service",
            "images_preview",
            "credits",
            "pre_uninstall_hook",
        ],
        StringComparer.Ordinal
    );

    public static StaticGate Gate { get; } = new("manifest keys", [UnknownKey, WrongType, NoHook], Judge);

    private static IEnumerable<Finding> Judge(GateInput input) =>
        input.Release.Modules.Values.SelectMany(module =>
            module.Manifest.Entries.SelectMany(entry => JudgeEntry(module, entry))
        );

    private static IEnumerable<Finding> JudgeEntry(ModuleView module, PythonEntry entry)
    {
        if (entry.Key.Value is not PythonValue.Text { Value: var key })
        {
            yield return At(WrongType, module, entry.Key, $"a key is a text, this is {entry.Key.Value.Noun}");
            yield break;
        }

        if (!Known.Contains(key))
        {
            var near = Spelling.Nearest(key, Known) is { } other ? $"; did you mean \"{other}\"?" : "";
            yield return At(UnknownKey, module, entry.Key, $"Odoo knows no key \"{key}\"{near}");
        }

        if (Wanted(key, entry.Value.Value) is { } wanted)
        {
            yield return At(WrongType, module, entry.Value, $"\"{key}\" is {wanted}, this is {entry.Value.Value.Noun}");
        }

        if (
            Hooks.Contains(key)
            && entry.Value.Value is PythonValue.Text { Value: { Length: > 0 } hook }
            && !module.Facts.Hooks.Contains(hook, StringComparer.Ordinal)
            && !module.Facts.Hooks.Contains("*", StringComparer.Ordinal)
        )
        {
            yield return At(NoHook, module, entry.Value, $"\"{key}\" names {hook}, which __init__.py does not have");
        }
    }

    /// <summary>What a key's value has to be, when it is something else.</summary>
    private static string? Wanted(string key, PythonValue value) =>
        Lists.Contains(key) && ManifestView.Items(value) is not { } items ? "a list of texts"
        : Lists.Contains(key) && ManifestView.Items(value)!.Value.Any(item => item.Value is not PythonValue.Text)
            ? "a list of texts"
        : Maps.Contains(key) && value is not PythonValue.Map ? "a dictionary"
        : Texts.Contains(key) && value is not (PythonValue.Text or PythonValue.None or PythonValue.Truth) ? "a text"
        : null;

    private static Finding At(GateRule rule, ModuleView module, PythonNode node, string what) =>
        rule.In(module, ModuleManifest.FileName, node.At.Line, what);
}
