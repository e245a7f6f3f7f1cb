using System.Diagnostics;

namespace Tidegate.Bench.Fleet;

/// <summary>A repository of git in a folder, with whatever lies there.</summary>
internal sealed class GitFolder(string path)
{
    public string Path => path;

    public Task CreateAsync(CancellationToken cancellationToken) =>
        GitAsync(["init", "--quiet", "--initial-branch=main"], cancellationToken);

    /// <summary>Commits everything as it lies there.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await GitAsync(["add", "--all"], cancellationToken);
        await GitAsync(
            ["-c", "user.name=Bench", "-c", "user.email=bench@example.com", "commit", "--quiet", "-m", "change"],
            cancellationToken
        );
    }

    private async Task GitAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var git = Process.Start("git", ["-C", path, .. arguments]);
        await git.WaitForExitAsync(cancellationToken);
        if (git.ExitCode != 0)
        {
            throw new InvalidOperationException($"git {arguments[0]} ended with {git.ExitCode}.");
        }
    }
}
