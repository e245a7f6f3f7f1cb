using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Following;
using Tidegate.Drivers.Git;

namespace Tidegate.Drivers.Catalog;

/// <summary>
/// What git says of a folder. The repository may be anybody's, and its own configuration names programs that git would
/// run (filters, a file system monitor, hooks, transports): all of them are switched off, so that looking runs nothing.
/// </summary>
internal sealed class GitFolder(string folder, CancellationToken cancellationToken)
{
    private const string Git = "/usr/bin/git";

    private readonly List<(string Key, string Value)> settings =
    [
        ("safe.directory", "*"),
        ("core.fsmonitor", "false"),
        ("core.hooksPath", "/dev/null"),
        ("core.pager", "cat"),
    ];

    public SourceFolder State(string role)
    {
        try
        {
            if (Commit(out var why) is not { } commit)
            {
                return SourceFolder.NotKnown(role, folder, why);
            }

            var isClean = IsClean(out why);
            return new(role, Name, commit.Value, isClean, isClean is null ? why : null)
            {
                // The core's are many, and of people who agree to nothing here.
                History = role is "addons" ? History(commit) : [],
            };
        }
        catch (Win32Exception)
        {
            // Thrown by the start of a program that is not there, and by nothing else here.
            return SourceFolder.NotKnown(role, folder, "git is not installed");
        }
    }

    private string Name => Path.GetFileName(folder.TrimEnd('/'));

    private CommitId? Commit(out string why)
    {
        if (Ask(["rev-parse", "--is-inside-work-tree"]) is not { Output: { } inside } || inside.Trim() is not "true")
        {
            why = "it is in no git repository";
            return null;
        }

        var (commit, _) = Ask(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
        why = "its git repository has no commit";
        return CommitId.TryCreate(commit?.Trim(), out var id) ? id : null;
    }

    /// <summary>Whether the folder holds what the commit has there and nothing else; null when git cannot tell.</summary>
    private bool? IsClean(out string why)
    {
        if (SwitchOffFilters() is { } unreadable)
        {
            why = unreadable;
            return null;
        }

        // An upper-case H is a file that git compares; others are marked so that it does not look, or are submodules.
        var (files, complaint) = Ask(["ls-files", "-v", "-s", "-z", "--", "."]);
        if (files?.Split('\0', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(IsOpaque) is { } opaque)
        {
            why = $"git does not compare {opaque.Split('\t')[^1]}, a submodule or a file marked as unchanged";
            return null;
        }

        why = complaint;
        if (files is null)
        {
            return null;
        }

        var (changes, trouble) = Ask([
            "status",
            "--porcelain",
            "-z",
            "--untracked-files=all",
            "--ignored=matching",
            "--ignore-submodules=dirty",
            "--",
            ".",
        ]);
        why = trouble;
        return changes?.Split('\0', StringSplitOptions.RemoveEmptyEntries).All(IsLeftOut);
    }

    /// <summary>A build leaves out the same (<c>SourceTree</c>): what Python compiled.</summary>
    private static bool IsLeftOut(string change) =>
        change[3..].Split('/').Contains("__pycache__", StringComparer.Ordinal)
        || change.EndsWith(".pyc", StringComparison.Ordinal)
        || change.EndsWith(".pyo", StringComparison.Ordinal);

    private static bool IsOpaque(string line) =>
        line[0] is not 'H' || line.StartsWith("H 160000 ", StringComparison.Ordinal);

    /// <summary>Empty when git does not tell: a part would pass for all of it.</summary>
    private ImmutableArray<WrittenCommit> History(CommitId commit)
    {
        var bound = string.Create(CultureInfo.InvariantCulture, $"--max-count={SourceFolder.MostCommits}");
        var (listed, _) = Ask(["rev-list", "--date-order", bound, commit.Value, "--"]);
        // A commit's length is in bytes, and its bytes may be no UTF-8.
        var (contents, _) = Ask(["cat-file", "--batch"], listed ?? "", Encoding.Latin1);
        var read = ParseAll(listed ?? "", Encoding.Latin1.GetBytes(contents ?? ""));
        var keys = Keys(read.Where(each => each.Form is SignatureForm.Ssh).Select(each => each.Commit.Id));
        return
        [
            .. read.Select(each => new WrittenCommit(
                each.Commit.Id.Value,
                [.. each.Commit.Parents.Select(parent => parent.Value)],
                each.Commit.Author,
                each.Commit.Committer,
                keys.GetValueOrDefault(each.Commit.Id.Value)
            )),
        ];
    }

    private static List<(SourceCommit Commit, SignatureForm Form)> ParseAll(string ids, ReadOnlySpan<byte> contents)
    {
        var read = new List<(SourceCommit, SignatureForm)>();
        foreach (var id in ids.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var head = contents[..Math.Max(0, contents.IndexOf((byte)'\n'))];
            if (
                Encoding.Latin1.GetString(head).Split(' ') is not [var told, "commit", var size]
                || told != id
                || !int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || contents.Length < head.Length + length + 2
            )
            {
                return [];
            }

            read.Add(CommitText.Parse(CommitId.Create(id), contents.Slice(head.Length + 1, length)));
            contents = contents[(head.Length + length + 2)..];
        }

        return read;
    }

    /// <summary>With which keys commits are signed whose signatures fit; whose keys they are is not asked here.</summary>
    private Dictionary<string, string> Keys(IEnumerable<CommitId> signed)
    {
        var ids = string.Concat(signed.Select(id => $"{id}\n"));
        if (ids.Length == 0 || Programs.Find("ssh-keygen") is not { } keygen)
        {
            return [];
        }

        settings.AddRange([("gpg.ssh.program", keygen), ("gpg.ssh.allowedSignersFile", "/dev/null")]);
        var (answer, _) = Ask(["log", "--no-walk=unsorted", "-z", "--format=%H%n%G?%n%GF", "--stdin"], ids);
        return (answer ?? "")
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(record => record.Split('\n'))
            .Where(fields => fields is [_, "U" or "G", { Length: > 0 }])
            .ToDictionary(fields => fields[0], fields => fields[2], StringComparer.Ordinal);
    }

    /// <summary>Filters have names of the repository's own; each that it configures is emptied.</summary>
    private string? SwitchOffFilters()
    {
        var (names, complaint) = Ask(["config", "--list", "--name-only", "-z"]);
        if (names is null)
        {
            return complaint;
        }

        settings.AddRange(
            names
                .Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Where(key => key.StartsWith("filter.", StringComparison.Ordinal))
                .Where(key => key.Split('.')[^1] is "clean" or "smudge" or "process" or "required")
                .Distinct(StringComparer.Ordinal)
                .Select(key => (key, key.EndsWith(".required", StringComparison.Ordinal) ? "false" : ""))
        );
        return null;
    }

    private (string? Output, string Complaint) Ask(
        IEnumerable<string> arguments,
        string input = "",
        Encoding? encoding = null
    )
    {
        var start = new ProcessStartInfo(Git, ["--no-pager", "-C", folder, .. arguments])
        {
            WorkingDirectory = "/",
            StandardOutputEncoding = encoding,
        };
        foreach (
            var name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList()
        )
        {
            start.Environment.Remove(name);
        }

        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0"; // the index of somebody else is not written
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_ALLOW_PROTOCOL"] = "none"; // a partial clone would fetch what is missing
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_NO_REPLACE_OBJECTS"] = "1"; // a commit is what its id says
        start.Environment["LC_ALL"] = "C";
        start.Environment["GIT_CONFIG_COUNT"] = settings.Count.ToString(CultureInfo.InvariantCulture);
        foreach (var (index, (key, value)) in settings.Index())
        {
            start.Environment[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_KEY_{index}")] = key;
            start.Environment[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_VALUE_{index}")] = value;
        }

        return ShortProcess.Run(start, input, cancellationToken);
    }
}
