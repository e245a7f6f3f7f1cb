namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>A bundle under way: a folder that nobody sees and that is gone unless it is published.</summary>
/// <remarks>
/// A lock file tells a build that runs from one that was killed; whoever builds next removes the latter.
/// </remarks>
internal sealed class Staging : IDisposable
{
    private const int Workers = 2;

    private readonly BundlePaths paths;
    private readonly string folder;
    private readonly FileStream owner;

    private Staging(BundlePaths paths, string folder, FileStream owner)
    {
        this.paths = paths;
        this.folder = folder;
        this.owner = owner;
    }

    public ObjectPool Pool { get; } = new();

    public string Tree => Path.Join(folder, "tree");

    public string Manifest => Path.Join(folder, "manifest.json");

    public static Staging Begin(BundlePaths paths, TimeProvider clock)
    {
        Directory.CreateDirectory(paths.Temporary);
        RemoveAbandoned(paths);
        var draft = Path.Join(paths.Temporary, Guid.CreateVersion7(clock.GetUtcNow()).ToString("n"));
        var lockFile = new FileStream($"{draft}.lock", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        Directory.CreateDirectory(draft);
        File.SetUnixFileMode(draft, BundlePaths.FolderMode);
        return new(paths, draft, lockFile);
    }

    /// <summary>Makes the tree: what the pool has is linked, the rest copied. Throws <see cref="SourceChangedException"/> when a file is no longer what was hashed.</summary>
    public void Fill(
        IReadOnlyList<TreeEntry> entries,
        IReadOnlyDictionary<string, ContentHash> hashes,
        CancellationToken cancellationToken
    )
    {
        MakeFolder(Tree);
        foreach (var entry in entries.OfType<TreeEntry.Folder>())
        {
            MakeFolder(Path.Join(Tree, entry.Path));
        }

        foreach (var link in entries.OfType<TreeEntry.Link>())
        {
            File.CreateSymbolicLink(Path.Join(Tree, link.Path), link.Target);
        }

        Parallel.ForEach(
            entries.OfType<TreeEntry.File>(),
            new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken },
            file => Place(file, hashes[file.Path])
        );
    }

    /// <summary>A folder of the tree, unless it is there.</summary>
    public static void MakeFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            // The mode that a folder is created with passes through the umask.
            File.SetUnixFileMode(folder, BundlePaths.FolderMode);
        }
    }

    /// <summary>Makes the bundle visible under its digest; one that is there already stays.</summary>
    public void Publish(string bundle)
    {
        Pool.Publish(folder);
        if (Directory.Exists(bundle))
        {
            return;
        }

        try
        {
            Directory.Move(folder, bundle);
        }
        catch (IOException) when (Directory.Exists(bundle))
        {
            // Another build of the same bundle was first; theirs is ours.
            return;
        }

        Posix.Flush(paths.Store);
    }

    public void Dispose()
    {
        Remove(folder);
        File.Delete(owner.Name);
        owner.Dispose();
    }

    private void Place(TreeEntry.File file, ContentHash hash)
    {
        var target = Path.Join(Tree, file.Path);
        var pooled = paths.Object(hash.Hex, file.IsExecutable);
        if (ObjectPool.TryTake(pooled, target, hash))
        {
            return;
        }

        if (ContentHash.OfCopy(file.Source, target) != hash)
        {
            throw new SourceChangedException(file.Source);
        }

        Pool.Offer(target, pooled, hash, file.IsExecutable ? BundlePaths.FolderMode : BundlePaths.FileMode);
    }

    private static void RemoveAbandoned(BundlePaths paths)
    {
        foreach (var locked in Directory.EnumerateFiles(paths.Temporary, "*.lock"))
        {
            try
            {
                using var mine = new FileStream(locked, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                Remove(Path.ChangeExtension(locked, null));
                File.Delete(locked);
            }
            catch (IOException)
            {
                // Somebody builds there, or has just ended.
            }
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>A file changed between reading and copying; the operator sees which.</summary>
internal sealed class SourceChangedException(string file)
    : IOException($"{file} changed while it was read: build again when nobody writes there.");
