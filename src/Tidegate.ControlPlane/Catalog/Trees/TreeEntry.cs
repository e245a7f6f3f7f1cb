namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>One folder, file or link of a tree to be built.</summary>
/// <param name="Path">Below the tree's root, with <c>/</c>.</param>
internal abstract record TreeEntry(string Path)
{
    public sealed record Folder(string Path) : TreeEntry(Path);

    /// <param name="Source">Where the content is now.</param>
    public sealed record File(string Path, string Source, bool IsExecutable, FileIdentity Identity) : TreeEntry(Path);

    /// <param name="IsExternal">The target is one of the system's asset folders, outside the tree.</param>
    public sealed record Link(string Path, string Target, bool IsExternal) : TreeEntry(Path);
}
