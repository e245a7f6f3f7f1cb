using Tidegate.Demo.Story;

namespace Tidegate.Demo.Shops;

/// <summary>The template of a shop as <c>eng/template</c> keeps it in the cache; it is made if it is not there, which takes minutes.</summary>
/// <param name="Dump">A dump in PostgreSQL's custom format.</param>
/// <param name="Filestore">A tar archive of one database's filestore.</param>
internal sealed record TemplateFiles(string Dump, string Filestore)
{
    /// <param name="bundle">The tree of the release that the shop begins on, for a template with that release's style and script bundles; null for one without.</param>
    /// <param name="progress">Gets a line for each part of the making.</param>
    public static async Task<TemplateFiles> FindAsync(
        string repository,
        CancellationToken cancellationToken,
        string? bundle = null,
        Action<string>? progress = null
    )
    {
        string[] with = bundle is null ? [] : ["--bundle", bundle];
        var answer = await Tool.RunAsync(
            Path.Combine(repository, "eng", "template"),
            with,
            cancellationToken,
            progress: progress
        );
        return new(Value("dump="), Value("filestore="));

        string Value(string key) =>
            answer.Split('\n').FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..]
            ?? throw new StoryException($"eng/template did not say where its {key.TrimEnd('=')} is: {answer.Trim()}");
    }
}
