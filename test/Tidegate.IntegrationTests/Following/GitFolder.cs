using System.Globalization;
using System.Text;
using Tidegate.ControlPlane.Following;
using Tidegate.Simulator.Following;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Following;

/// <summary>A bare repository in a folder, written to with git itself.</summary>
internal sealed class GitFolder : IScriptedRepository
{
    private const long Beginning = 1_793_600_000;

    private int commits;

    /// <param name="address">How it is followed; null is its path.</param>
    public GitFolder(string path, string? address = null, string format = "sha1")
    {
        Path = path;
        Address = address ?? path;
        Git(".", ["init", "--bare", "--quiet", "--initial-branch=unused", $"--object-format={format}", "--", path]);
    }

    public string Path { get; }

    public string Address { get; }

    public CommitId Commit(string branch, NewCommit commit) =>
        Commit(
            branch,
            commit,
            string.Concat(
                commit
                    .Files.Select(file =>
                        file.Value is { } text ? Entry("100644", file.Key, text) : $"D {Quoted(file.Key)}\n"
                    )
                    .Concat(commit.Links.Select(link => Entry("120000", link.Key, link.Value)))
            )
        );

    /// <summary>Changes in the language of fast-import: what a <see cref="NewCommit"/> has no word for.</summary>
    public CommitId Commit(string branch, NewCommit commit, string changes)
    {
        var time = Beginning + (60 * commits++);
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $"commit refs/heads/{branch}\n");
        script.Append(CultureInfo.InvariantCulture, $"author {commit.Author} {time} +0100\n");
        script.Append(CultureInfo.InvariantCulture, $"committer {commit.Committer ?? commit.Author} {time} +0100\n");
        script.Append(Data(commit.Subject));
        script.Append(Head(branch) is { } head ? $"from {head}\n" : "");
        script.Append(commit.Merged is { } merged ? $"merge {merged}\n" : "");
        script.Append(changes);
        Git(Path, ["fast-import", "--quiet", "--force"], script.ToString());
        return Head(branch)!.Value;
    }

    /// <summary>Puts a commit there as it is written, whatever it says.</summary>
    public CommitId CommitRaw(string branch, byte[] content)
    {
        var id = Git(Path, ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"], content);
        var commit = CommitId.Create(id.Trim());
        // update-ref reads the commit first, and would refuse some.
        File.WriteAllText(System.IO.Path.Join(Path, "refs", "heads", branch), $"{commit}\n");
        return commit;
    }

    public void Move(string branch, CommitId to) => Git(Path, ["update-ref", $"refs/heads/{branch}", to.Value]);

    public void Delete(string branch) => Git(Path, ["update-ref", "-d", $"refs/heads/{branch}"]);

    public void GoAway() => Directory.Move(Path, $"{Path}.away");

    public void ComeBack() => Directory.Move($"{Path}.away", Path);

    public CommitId? Head(string branch) =>
        CommitId.TryCreate(
            Git(Path, ["rev-parse", "--verify", "--quiet", $"refs/heads/{branch}"], mayFail: true).Trim(),
            out var head
        )
            ? head
            : null;

    public static string Entry(string mode, string path, string text) =>
        $"M {mode} inline {Quoted(path)}\n{Data(text)}";

    public static string Git(string folder, string[] arguments, string input = "", bool mayFail = false) =>
        Git(folder, arguments, Encoding.UTF8.GetBytes(input), mayFail);

    public static string Git(
        string folder,
        string[] arguments,
        byte[] input,
        bool mayFail = false,
        params (string Name, string Value)[] environment
    ) =>
        TestProgram.Run(
            "git",
            ["-C", folder, "-c", "safe.directory=*", .. arguments],
            input,
            mayFail,
            [("GIT_CONFIG_GLOBAL", "/dev/null"), .. environment]
        );

    private static string Data(string text) =>
        string.Create(CultureInfo.InvariantCulture, $"data {Encoding.UTF8.GetByteCount(text)}\n{text}\n");

    private static string Quoted(string path) =>
        $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
