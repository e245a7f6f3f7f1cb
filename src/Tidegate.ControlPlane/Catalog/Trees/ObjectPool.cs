using System.Collections.Concurrent;

namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>Each content once, as files that trees link to. What is new to it enters when the tree is published.</summary>
/// <remarks>
/// An object that somebody wrote to since has lost the modification time that belongs to its content; it is thrown out
/// and made anew. Other trees keep the file they have.
/// </remarks>
internal sealed class ObjectPool
{
    // Beyond, one flush of the whole file system is quicker than one a file, although it waits for everybody's writing.
    private const int FilesFlushedOneByOne = 2000;

    private readonly ConcurrentBag<(string File, string Object)> fresh = [];

    /// <summary>Links an object to a tree; false when the tree needs a file of its own.</summary>
    public static bool TryTake(string pooled, string target, ContentHash hash)
    {
        if (Posix.Find(pooled) is not { } status)
        {
            return false;
        }

        if (status.Identity.Modified != hash.ModificationTimeInNanoseconds)
        {
            File.Delete(pooled);
            return false;
        }

        return Posix.Link(pooled, target) is LinkResult.Linked;
    }

    /// <summary>A file of the tree that the pool lacks: it gets the mode and the time of an object.</summary>
    public void Offer(string file, string pooled, ContentHash hash, UnixFileMode mode)
    {
        File.SetUnixFileMode(file, mode);
        File.SetLastWriteTimeUtc(file, hash.ModificationTime);
        fresh.Add((file, pooled));
    }

    /// <summary>
    /// Takes in what was offered, when all of it is on disk: a power cut cannot leave a pool that lies. Names and links
    /// need no flush: the file system's journal keeps their order before the tree's own rename.
    /// </summary>
    public void Publish(string tree)
    {
        if (fresh.Count > FilesFlushedOneByOne)
        {
            Posix.FlushFileSystem(tree);
        }
        else
        {
            foreach (var (file, _) in fresh)
            {
                Posix.Flush(file);
            }
        }

        foreach (var (file, pooled) in fresh)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(pooled)!);
            Posix.Link(file, pooled);
        }
    }
}
