using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Python;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>Reads one <c>__manifest__.py</c> as data.</summary>
internal sealed class ModuleManifest
{
    public const string FileName = "__manifest__.py";

    // Odoo's own largest has 50 KB.
    private const long LargestManifest = 1 << 20;

    private readonly string file;
    private readonly ImmutableArray<PythonEntry> entries;

    private ModuleManifest(string file, ImmutableArray<PythonEntry> entries)
    {
        this.file = file;
        this.entries = entries;
    }

    /// <param name="file">The manifest on disk.</param>
    /// <param name="path">The module's folder in the release.</param>
    /// <param name="series">The core's series.</param>
    public static (ModuleSource? Module, Refusal? Refusal) Read(
        string file,
        string path,
        string series,
        bool isAddon
    ) =>
        Parse(file) switch
        {
            PythonLiteral.Read { Root: { Value: PythonValue.Map map } } => new ModuleManifest(file, map.Entries).Module(
                path,
                series,
                isAddon
            ),
            PythonLiteral.Read { Root: var root } => (
                null,
                Wrong(file, root.At, $"a manifest is a dictionary, this is {root.Value.Noun}")
            ),
            PythonLiteral.Wrong wrong => (null, Wrong(file, wrong.At, wrong.Message)),
            _ => throw new UnreachableException(),
        };

    private static PythonLiteral Parse(string file) =>
        new FileInfo(file).Length > LargestManifest
            ? new PythonLiteral.Wrong(new(1, 1), $"a manifest has less than {LargestManifest >> 10} KB")
            : PythonLiteral.Parse(File.ReadAllText(file));

    private (ModuleSource? Module, Refusal? Refusal) Module(string path, string series, bool isAddon)
    {
        var name = Path.GetFileName(path);
        var isInstallable = Find("installable") is not { } node || IsTrue(node.Value);
        if (Names("depends", out var depends, out var places) is { } noNames)
        {
            return (null, noNames);
        }

        if (depends.IsEmpty && name is not "base")
        {
            depends = ["base"];
        }

        if (AutoInstall(depends, out var autoInstall) is { } noTrigger)
        {
            return (null, noTrigger);
        }

        if (Version(series, ref isInstallable, isAddon, out var version) is { } noVersion)
        {
            return (null, noVersion);
        }

        return (
            new(
                new(name, path, version, depends, autoInstall, isInstallable, "")
                {
                    Licence = Find("license")?.Value is PythonValue.Text licence ? licence.Value : null,
                    Python = Python(),
                },
                file,
                places,
                isAddon,
                entries
            ),
            null
        );
    }

    /// <summary>What <c>external_dependencies</c> names for Python; what is no text there is for a gate to tell.</summary>
    private ImmutableArray<string> Python() =>
        Find("external_dependencies")?.Value is PythonValue.Map map
        && map.Entries.LastOrDefault(entry => entry.Key.Value is PythonValue.Text { Value: "python" }) is { } needs
            ?
            [
                .. (Items(needs.Value.Value) ?? [])
                    .Select(item => item.Value)
                    .OfType<PythonValue.Text>()
                    .Select(text => text.Value),
            ]
            : [];

    private Refusal? Version(string series, ref bool isInstallable, bool isAddon, out string version)
    {
        var node = Find("version");
        var declared = node is null ? "1.0" : Plain(node.Value);
        var read = ModuleVersion.Read(declared, series);
        version = read is ModuleVersion.Recorded recorded ? recorded.Version : declared;
        if (read is ModuleVersion.Recorded || !isInstallable)
        {
            return null;
        }

        var at = node?.At ?? new(1, 1);
        if (read is ModuleVersion.Invalid)
        {
            return Wrong(
                file,
                at,
                $"version \"{declared}\" is none that Odoo {series} takes; write {series}.1.0.0",
                RuleCodes.VersionIllegal
            );
        }

        // Odoo itself only leaves such a module out; among a core's own that is its makers' affair.
        isInstallable = false;
        return isAddon
            ? Wrong(
                file,
                at,
                $"version \"{declared}\" is made for another series than the core's {series}; take the addon's branch for {series}",
                RuleCodes.VersionOtherSeries
            )
            : null;
    }

    private Refusal? AutoInstall(ImmutableArray<string> depends, out ImmutableArray<string>? triggers)
    {
        triggers = null;
        if (Find("auto_install") is not { } node)
        {
            return null;
        }

        if (node.Value is not (PythonValue.List or PythonValue.Tuple or PythonValue.Set))
        {
            triggers = IsTrue(node.Value) ? depends : null;
            return null;
        }

        var refusal = Names("auto_install", out var names, out var places);
        triggers = names;
        var stranger = names.IndexOf(names.FirstOrDefault(name => !depends.Contains(name, StringComparer.Ordinal))!);
        return refusal
            ?? (
                stranger < 0
                    ? null
                    : Wrong(
                        file,
                        places[stranger],
                        $"auto_install names \"{names[stranger]}\", which is not among its depends",
                        RuleCodes.AutoInstallTrigger
                    )
            );
    }

    private Refusal? Names(string key, out ImmutableArray<string> names, out ImmutableArray<PythonPosition> places)
    {
        (names, places) = ([], []);
        if (Find(key) is not { } node)
        {
            return null;
        }

        if (Items(node.Value) is not { } items)
        {
            return Wrong(file, node.At, $"\"{key}\" is a list of module names, this is {node.Value.Noun}");
        }

        if (items.FirstOrDefault(item => item.Value is not PythonValue.Text) is { } other)
        {
            return Wrong(file, other.At, $"\"{key}\" is a list of module names, this is {other.Value.Noun}");
        }

        names = [.. items.Select(item => ((PythonValue.Text)item.Value).Value)];
        places = [.. items.Select(item => item.At)];
        return null;
    }

    /// <summary>The last value of that key, as in Python.</summary>
    private PythonNode? Find(string key) =>
        entries
            .LastOrDefault(entry =>
                entry.Key.Value is PythonValue.Text text && string.Equals(text.Value, key, StringComparison.Ordinal)
            )
            ?.Value;

    private static ImmutableArray<PythonNode>? Items(PythonValue value) =>
        value switch
        {
            PythonValue.List list => list.Items,
            PythonValue.Tuple tuple => tuple.Items,
            PythonValue.Set set => set.Items,
            _ => null,
        };

    private static bool IsTrue(PythonValue value) =>
        value switch
        {
            PythonValue.Truth truth => truth.Value,
            PythonValue.None => false,
            PythonValue.Integer number => !number.Value.IsZero,
            PythonValue.Text text => text.Value.Length > 0,
            _ => true,
        };

    // A version without quotes is a number; Odoo takes its text.
    private static string Plain(PythonValue value) =>
        value switch
        {
            PythonValue.Text text => text.Value,
            PythonValue.Integer number => number.Value.ToString(CultureInfo.InvariantCulture),
            PythonValue.Real { Value: var real } => real.ToString(
                Math.Floor(real) == real ? "0.0" : "R",
                CultureInfo.InvariantCulture
            ),
            _ => value.Noun,
        };

    private static Refusal Wrong(
        string file,
        PythonPosition at,
        string message,
        string code = RuleCodes.ManifestUnreadable
    ) => new(RefusalKind.Content, $"{message}.", code, new(file, at));
}
