using System.Text.Json;

namespace Tidegate.OdooTests.Fixtures;

/// <summary>The bridge's file, replaced whole.</summary>
internal static class ServedFile
{
    public static Task WriteAsync(string path, IReadOnlyList<string> web, IReadOnlyList<string> cron) =>
        ReplaceAsync(
            path,
            JsonSerializer.Serialize(
                new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["web"] = web, ["cron"] = cron }
            )
        );

    public static async Task ReplaceAsync(string path, string text)
    {
        await File.WriteAllTextAsync($"{path}.new", text, TestContext.Current.CancellationToken);
        File.Move($"{path}.new", path, overwrite: true);
    }
}
