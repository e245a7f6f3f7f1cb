using System.Text.Json;

namespace Tidegate.Tests.Conformance;

/// <summary>One file of conformance data. Where the folder lies says <c>TIDEGATE_VECTORS</c>, else it is beside the repository.</summary>
internal static class VectorFile
{
    public const string Missing =
        "THERE IS NO CONFORMANCE DATA, so nothing is proven here: set TIDEGATE_VECTORS to the folder that has it.";

    private static string Folder =>
        Environment.GetEnvironmentVariable("TIDEGATE_VECTORS") is { Length: > 0 } named
            ? named
            : Path.Combine(Root(), "..", "shared", "vectors");

    /// <summary>Its content; null where it is not there.</summary>
    public static JsonElement? Read(string name)
    {
        var file = Path.Combine(Folder, name);
        return File.Exists(file) ? JsonDocument.Parse(File.ReadAllBytes(file)).RootElement : null;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tidegate.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("There is no repository.");
        }

        return folder;
    }
}
