using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Python;

namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>A manifest that was read, key by key, with places.</summary>
public sealed class ManifestView(ImmutableArray<PythonEntry> entries)
{
    private static readonly string[] DataKeys = ["data", "demo", "init_xml", "update_xml", "demo_xml"];

    public ImmutableArray<PythonEntry> Entries => entries;

    /// <summary>The last value of that key, as in Python; null when it is not there.</summary>
    public PythonNode? Find(string key) => entries.LastOrDefault(entry => IsText(entry.Key, key))?.Value;

    /// <summary>The text of that key, or null when it is none.</summary>
    public string? Text(string key) => Find(key)?.Value is PythonValue.Text text ? text.Value : null;

    /// <summary>The texts of a list, with the line of each; items that are no texts are left out.</summary>
    public ImmutableArray<ManifestText> Texts(string key) => Texts(Find(key));

    /// <summary>The same of a key inside a dictionary: <c>external_dependencies</c>, <c>python</c>.</summary>
    public ImmutableArray<ManifestText> Texts(string key, string inner) =>
        Find(key)?.Value is PythonValue.Map map
            ? Texts(map.Entries.LastOrDefault(entry => IsText(entry.Key, inner))?.Value)
            : [];

    /// <summary>Data and demo files.</summary>
    public IEnumerable<ManifestText> DataFiles => DataKeys.SelectMany(key => Texts(key));

    /// <summary>Keys that only one of the two has, or whose values differ, sorted.</summary>
    public ImmutableArray<string> KeysOtherThan(ManifestView other) =>
        [
            .. Keys.Union(other.Keys, StringComparer.Ordinal)
                .Where(key => PythonText.Of(Find(key)?.Value) != PythonText.Of(other.Find(key)?.Value))
                .Order(StringComparer.Ordinal),
        ];

    private IEnumerable<string> Keys =>
        entries.Select(entry => entry.Key.Value).OfType<PythonValue.Text>().Select(text => text.Value);

    internal static ImmutableArray<PythonNode>? Items(PythonValue? value) =>
        value switch
        {
            PythonValue.List list => list.Items,
            PythonValue.Tuple tuple => tuple.Items,
            PythonValue.Set set => set.Items,
            _ => null,
        };

    private static ImmutableArray<ManifestText> Texts(PythonNode? node) =>
        [
            .. (Items(node?.Value) ?? [])
                .Where(item => item.Value is PythonValue.Text)
                .Select(item => new ManifestText(((PythonValue.Text)item.Value).Value, item.At.Line)),
        ];

    private static bool IsText(PythonNode node, string text) =>
        node.Value is PythonValue.Text found && string.Equals(found.Value, text, StringComparison.Ordinal);
}

/// <summary>A text in a manifest and its line.</summary>
public sealed record ManifestText(string Value, int Line);
