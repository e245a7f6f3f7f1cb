using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Tidegate.Drivers.Git;

/// <summary>git as the person at the terminal would call it in a folder: with their settings, identity, hooks and keys.</summary>
internal sealed class PersonsGit(string folder)
{
    /// <summary>What git's own hooks and aliases hand on: it would lead to another repository than the folder's.</summary>
    private static readonly string[] Misleading =
    [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_PREFIX",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_NAMESPACE",
        "GIT_CEILING_DIRECTORIES",
        "GIT_EXTERNAL_DIFF",
        "GIT_DIFF_OPTS",
        "GIT_LITERAL_PATHSPECS",
        "GIT_GLOB_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
    ];

    /// <summary>Set for every call; a scratch index, for example.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <returns>Null when git is not installed.</returns>
    public async Task<GitAnswer?> AskAsync(
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        ReadOnlyMemory<byte> input = default
    )
    {
        var start = new ProcessStartInfo("git", ["-C", folder, "--no-pager", "--literal-pathspecs", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in Misleading)
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            await using var ending = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new GitAnswer(process.ExitCode, await output, await error);
        }
        catch (Win32Exception)
        {
            // Thrown by the start of a program that is not there.
            return null;
        }
    }

    private static async Task WriteAsync(
        Process process,
        ReadOnlyMemory<byte> input,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read; its exit code says more.
        }
    }
}

/// <summary>What git answered.</summary>
internal sealed record GitAnswer(int Exit, string Output, string Error)
{
    public bool IsGood => Exit == 0;

    /// <summary>The only line, without its end.</summary>
    public string Line => Output.EndsWith('\n') ? Output[..^1] : Output;

    /// <summary>What it complains of, in its own words: what it calls fatal or an error, else the first line that says something.</summary>
    public string Complaint
    {
        get
        {
            var lines = $"{Error}\n{Output}"
                .Split('\n')
                .Select(line => line.Trim())
                .Where(line => line.Length > 0)
                .ToList();
            var worst = lines.Find(line =>
                line.StartsWith("fatal:", StringComparison.Ordinal)
                || line.StartsWith("error:", StringComparison.Ordinal)
                || line.StartsWith('!')
            );
            var said = worst ?? (lines is [var first, ..] ? first : $"exit code {Exit}");
            return said.Length > 300 ? said[..300] : said;
        }
    }
}
