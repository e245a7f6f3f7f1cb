using System.Buffers.Text;
using System.Text;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Drivers.Git;

/// <summary>The fleet's files of a commit, read from git's objects: nothing is checked out.</summary>
internal sealed class CommitFiles(GitObjects objects, GitMirror mirror, CommitId commit, string folder) : IFleetFiles
{
    /// <summary>A folder of a hundred thousand files takes some 6 MB.</summary>
    private const int LargestTree = 64 << 20;

    public IReadOnlyList<FleetFile> List()
    {
        var found = new List<(string Path, TreeEntry Entry)>();
        foreach (var entry in Tree($"{commit}:{folder}"))
        {
            if (entry.Name == FleetLayout.Root)
            {
                found.Add((entry.Name, entry));
            }
            else if (FleetFolders.All.Contains(entry.Name))
            {
                found.AddRange(
                    entry.Kind is FleetFileKind.Folder
                        ? Tree(entry.Id).Select(file => ($"{entry.Name}/{file.Name}", file))
                        : [(entry.Name, entry)]
                );
                if (found.Count > FleetLayout.MostFiles)
                {
                    break; // so many that the reader refuses them
                }
            }
        }

        return WithSizes(found);
    }

    public ReadOnlyMemory<byte> Read(FleetFile file) =>
        objects.Read(file.ContentId!, FleetLayout.LargestFile) is { Kind: "blob" } blob
            ? blob.Content
            : throw new GitFailedException(GitComplaint.OfMirror(mirror, $"object {file.ContentId} is missing"));

    private List<FleetFile> WithSizes(List<(string Path, TreeEntry Entry)> found)
    {
        // A submodule's commit is in another repository, and a folder has no size.
        var ids = found.Where(file => file.Entry.HasContent).Select(file => file.Entry.Id).ToList();
        var sizes = new Queue<long?>(objects.Sizes(ids));
        return
        [
            .. found.Select(file => new FleetFile(
                file.Path,
                file.Entry.HasContent ? file.Entry.Id : null,
                !file.Entry.HasContent ? 0
                    : sizes.Dequeue() is { } size ? size
                    : throw new GitFailedException(GitComplaint.OfMirror(mirror, $"object {file.Entry.Id} is missing"))
            )
            {
                Kind = file.Entry.Kind,
            }),
        ];
    }

    private IReadOnlyList<TreeEntry> Tree(string name) =>
        objects.Read(name, LargestTree) switch
        {
            null or { Kind: not "tree" } => [],
            { Size: > LargestTree } => throw new GitFailedException(
                $"a folder of commit {commit.Short} has more files than can be listed"
            ),
            var tree => TreeEntry.All(tree.Content.Span, commit.Value.Length / 2),
        };
}

/// <summary>An entry of one of git's trees.</summary>
internal sealed record TreeEntry(string Name, string Id, FleetFileKind Kind)
{
    public bool HasContent => Kind is FleetFileKind.Regular or FleetFileKind.Link;

    /// <param name="idBytes">How long an id is: 20 bytes, or 32.</param>
    /// <exception cref="GitFailedException">It is no tree.</exception>
    public static IReadOnlyList<TreeEntry> All(ReadOnlySpan<byte> tree, int idBytes)
    {
        var entries = new List<TreeEntry>();
        while (!tree.IsEmpty)
        {
            var (space, end) = (tree.IndexOf((byte)' '), tree.IndexOf((byte)0));
            if (
                space < 0
                || end < space
                || tree.Length < end + 1 + idBytes
                || !Utf8Parser.TryParse(tree[..space], out int mode, out var digits)
                || digits != space
            )
            {
                throw new GitFailedException("a tree in the repository is damaged");
            }

            entries.Add(
                new(
                    Encoding.UTF8.GetString(tree[(space + 1)..end]),
                    Convert.ToHexStringLower(tree.Slice(end + 1, idBytes)),
                    KindOf(mode)
                )
            );
            tree = tree[(end + 1 + idBytes)..];
        }

        return entries;
    }

    /// <summary>git writes modes in octal digits.</summary>
    private static FleetFileKind KindOf(int mode) =>
        (mode / 1000) switch
        {
            100 => FleetFileKind.Regular,
            40 => FleetFileKind.Folder,
            120 => FleetFileKind.Link,
            _ => FleetFileKind.Special,
        };
}
