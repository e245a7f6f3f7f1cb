using Tidegate.Demo.Story;

namespace Tidegate.Demo.Shops;

/// <summary>The template of a shop as <c>eng/template</c> keeps it in the cache; it is made if it is not there, which takes a minute.</summary>
/// <param name="Dump">A dump in PostgreSQL's custom format.</param>
/// <param name="Filestore">A tar archive of one database's filestore.</param>
internal sealed record TemplateFiles(string Dump, string Filestore)
{
    public static async Task<TemplateFiles> FindAsync(string repository, CancellationToken cancellationToken)
    {
        var answer = await Tool.RunAsync(Path.Combine(repository, "eng", "template"), [], cancellationToken);
        return new(Value("dump="), Value("filestore="));

        string Value(string key) =>
            answer.Split('\n').FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..]
            ?? throw new StoryException($"eng/template did not say where its {key.TrimEnd('=')} is: {answer.Trim()}");
    }
}
