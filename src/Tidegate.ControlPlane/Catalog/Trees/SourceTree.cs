using System.Text;
using Tidegate.ControlPlane.Catalog.Gates;

namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>Reads a folder as entries of a bundle, and says what in it cannot become part of one.</summary>
internal static class SourceTree
{
    /// <summary>Longest path of a file inside a bundle, in bytes: a store's own path must fit before it (Linux: 4096).</summary>
    public const int LongestPath = 2048;

    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        "__pycache__",
        ".git",
        ".hg",
        ".svn",
        ".bzr",
        "CVS",
    };

    private static readonly string[] SkippedEndings = [".pyc", ".pyo"];

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
    };

    /// <param name="root">The folder to read, absolute; links in it may go no higher.</param>
    /// <param name="start">The folder below <paramref name="root"/> to begin at; empty for all of it.</param>
    /// <param name="into">Where the root comes to lie in the bundle: <c>core</c>, <c>addons</c>.</param>
    public static void Read(string root, string start, string into, List<TreeEntry> entries, List<Refusal> refusals)
    {
        var folders = new Stack<string>([start]);
        while (folders.TryPop(out var folder))
        {
            entries.Add(new TreeEntry.Folder(Below(into, folder)));
            try
            {
                foreach (var path in Directory.EnumerateFileSystemEntries(Path.Join(root, folder), "*", Everything))
                {
                    var name = Path.GetFileName(path);
                    if (!IsSkipped(name))
                    {
                        Add(root, Below(folder, name), into, entries, refusals, folders);
                    }
                }
            }
            catch (UnauthorizedAccessException)
            {
                // The operator's own rights decide what can be read.
                refusals.Add(
                    new(
                        RefusalKind.Content,
                        $"{Path.Join(root, folder)} cannot be read: give yourself the right to read it.",
                        RuleCodes.TreeUnfit
                    )
                );
            }
        }
    }

    public static bool IsSkipped(string name) =>
        Skipped.Contains(name) || SkippedEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    private static void Add(
        string root,
        string below,
        string into,
        List<TreeEntry> entries,
        List<Refusal> refusals,
        Stack<string> folders
    )
    {
        var source = Path.Join(root, below);
        var path = Below(into, below);
        if (NameRefusal(source, path) is { } refusal)
        {
            refusals.Add(refusal);
            return;
        }

        var status = Posix.Status(source);
        switch (status.Kind)
        {
            case FileKind.Folder:
                folders.Push(below);
                break;
            case FileKind.File:
                entries.Add(new TreeEntry.File(path, source, status.IsExecutable, status.Identity));
                break;
            case FileKind.Link:
                AddLink(root, below, path, entries, refusals);
                break;
            default:
                refusals.Add(
                    new(
                        RefusalKind.Content,
                        $"{source} is a device, socket or pipe: remove it; a release holds files, folders and links.",
                        RuleCodes.TreeUnfit
                    )
                );
                break;
        }
    }

    private static void AddLink(string root, string below, string path, List<TreeEntry> entries, List<Refusal> refusals)
    {
        var source = Path.Join(root, below);
        var target = new FileInfo(source).LinkTarget ?? "";
        if (target.Contains('\uFFFD', StringComparison.Ordinal) || target.Any(char.IsControl))
        {
            refusals.Add(
                new(
                    RefusalKind.Content,
                    $"{source} is a link to {Visible(target)}, which is no plain UTF-8: remove it.",
                    RuleCodes.TreeUnfit
                )
            );
        }
        else if (LinkRules.Judge(root, below, target) is var (recorded, isExternal))
        {
            entries.Add(new TreeEntry.Link(path, recorded, isExternal));
        }
        else
        {
            refusals.Add(
                new(
                    RefusalKind.Content,
                    $"{source} is a link to {target}, outside the release: put the file itself there.",
                    RuleCodes.TreeUnfit
                )
            );
        }
    }

    private static Refusal? NameRefusal(string source, string path) =>
        path.Contains('\uFFFD', StringComparison.Ordinal)
            ? new(RefusalKind.Content, $"{source} has a name that is not UTF-8: rename it.", RuleCodes.TreeUnfit)
        : path.Any(char.IsControl)
            ? new(
                RefusalKind.Content,
                $"{Visible(source)} has a control character in its name: rename it.",
                RuleCodes.TreeUnfit
            )
        : Encoding.UTF8.GetByteCount(path) > LongestPath
            ? new(
                RefusalKind.Content,
                $"{source} lies deeper than {LongestPath} bytes of path: shorten its names.",
                RuleCodes.TreeUnfit
            )
        : null;

    private static string Visible(string text) =>
        string.Concat(text.Select(character => char.IsControl(character) ? '?' : character));

    private static string Below(string folder, string name) =>
        folder.Length == 0 ? name
        : name.Length == 0 ? folder
        : $"{folder}/{name}";
}
