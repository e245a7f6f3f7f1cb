using System.Collections.Immutable;

namespace Tidegate.IntegrationTests.Catalog;

/// <summary>Files of a module, by path.</summary>
internal sealed class ModuleText : Dictionary<string, string>
{
    public ModuleText()
        : base(StringComparer.Ordinal) { }
}

/// <summary>One rule's module that breaks it and one that keeps it. Every text may say <c>SELF</c> for the module's own name.</summary>
/// <param name="Code">The rule.</param>
internal sealed record GateSample(string Code)
{
    public const string Manifest =
        "{'name': 'SELF', 'version': '19.0.1.0.0', 'license': 'LGPL-3', 'depends': ['base'], 'data': [DATA]}";

    public required ModuleText Bad { get; init; }

    public required ModuleText Good { get; init; }

    /// <summary>Both modules as the release before has them; null when it has neither.</summary>
    public ModuleText? Before { get; init; }

    public string BadModule => $"bad_{Code.Replace('-', '_')}";

    public string GoodModule => $"good_{Code.Replace('-', '_')}";

    /// <summary>A manifest that lists these data files, and raises the version.</summary>
    public static string With(params string[] data) => With("19.0.1.0.0", data);

    public static string With(string version, string[] data) =>
        Manifest
            .Replace("DATA", string.Join(", ", data.Select(file => $"'{file}'")), StringComparison.Ordinal)
            .Replace("19.0.1.0.0", version, StringComparison.Ordinal);

    /// <summary>The module's files with what every module has.</summary>
    public static ImmutableDictionary<string, string> Whole(ModuleText text, string module)
    {
        var files = text.ToImmutableDictionary(StringComparer.Ordinal);
        foreach (var (path, content) in new ModuleText { ["__manifest__.py"] = With(), ["__init__.py"] = "" })
        {
            files = files.ContainsKey(path) ? files : files.Add(path, content);
        }

        return files.ToImmutableDictionary(
            file => file.Key,
            file => file.Value.Replace("SELF", module, StringComparison.Ordinal),
            StringComparer.Ordinal
        );
    }
}
