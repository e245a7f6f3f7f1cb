using Tidegate.Demo.Shops;

namespace Tidegate.Demo.Story;

/// <summary>The git repository that says what should run: the demo commits to it as its owners would.</summary>
/// <param name="folder">Absolute path; made by <see cref="CreateAsync"/>.</param>
internal sealed class FleetRepository(string folder)
{
    private const string Author = "Ada Berg";

    public string Folder => folder;

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await GitAsync(["init", "--quiet", "--initial-branch=main"], cancellationToken);
        // Of this repository alone: verbs that commit use the identity of whoever runs them.
        await GitAsync(["config", "user.name", Author], cancellationToken);
        await GitAsync(["config", "user.email", "ada@shops.example"], cancellationToken);
        await GitAsync(["config", "commit.gpgsign", "false"], cancellationToken);
    }

    /// <summary>Writes the files and commits everything that changed.</summary>
    /// <returns>The commit's id, shortened.</returns>
    public async Task<string> CommitAsync(
        string message,
        IEnumerable<(string Path, string Text)> files,
        CancellationToken cancellationToken
    )
    {
        foreach (var (path, text) in files)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text, cancellationToken);
        }

        await GitAsync(["add", "--all"], cancellationToken);
        await GitAsync(["commit", "--quiet", $"--message={message}"], cancellationToken);
        return await HeadAsync(cancellationToken);
    }

    public async Task<string> HeadAsync(CancellationToken cancellationToken) =>
        (await GitAsync(["rev-parse", "--short=12", "HEAD"], cancellationToken)).Trim();

    public Task<string> GitAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Tool.RunAsync("git", ["-C", folder, .. arguments], cancellationToken);
}
