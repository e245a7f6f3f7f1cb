using System.Runtime.CompilerServices;
using Tidegate.ControlPlane.Catalog.Trees;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Objects;

/// <summary>Objects as files of a folder.</summary>
/// <remarks>
/// A key's last part becomes a file with <c>=</c> before its name and the others folders, so that <c>a</c> and
/// <c>a/b</c> can both be objects. No key begins with a point: drafts lie in <c>.drafts</c>, unseen.
/// </remarks>
/// <param name="folder">Absolute; it need not be there yet.</param>
public sealed class FolderObjectStore(string folder, TimeProvider clock) : IRetainingStore
{
    private const string FileMark = "=";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A draft that old belongs to a process that ended.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private readonly string drafts = Path.Join(folder, ".drafts");

    public async Task<bool> PutAsync(ObjectKey key, Stream content, CancellationToken cancellationToken)
    {
        var file = PathOf(key);
        if (File.Exists(file))
        {
            return false;
        }

        RemoveAbandoned();
        var draft = Path.Join(drafts, Guid.CreateVersion7(clock.GetUtcNow()).ToString("n"));
        try
        {
            await WriteAsync(draft, content, cancellationToken);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            return Publish(draft, file);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    public Task<Stream?> GetAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(File.OpenRead(PathOf(key)));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken) =>
        Task.FromResult(File.Exists(PathOf(key)));

    /// <inheritdoc />
    public Task<ObjectRemoval> RemoveAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var file = PathOf(key);
        if (File.Exists(file))
        {
            File.Delete(file);
        }

        return Task.FromResult(ObjectRemoval.Removed);
    }

    /// <summary>A folder holds nothing against its owner.</summary>
    public Task<bool> LockAsync(ObjectKey key, DateTimeOffset until, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
        ListBehindAsync(prefix, after: "", cancellationToken);

    public async IAsyncEnumerable<StoredObject> ListBehindAsync(
        string prefix,
        string after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask;
        var behind = Below(folder, "", prefix).Where(found => string.CompareOrdinal(found.Key, after) > 0);
        foreach (var (key, file) in behind)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(ObjectKey.Create(key), new FileInfo(file).Length);
        }
    }

    /// <summary>Depth first; a folder sorts by its name with the slash, which is the order of the whole keys.</summary>
    private static IEnumerable<(string Key, string File)> Below(string folder, string above, string prefix)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        var entries = new DirectoryInfo(folder)
            .EnumerateFileSystemInfos()
            .Where(entry => !entry.Name.StartsWith('.'))
            .Select(entry => (Key: above + NameOf(entry), Path: entry.FullName, IsFolder: entry is DirectoryInfo))
            .Where(entry => IsWanted(entry.Key, prefix))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal);
        foreach (var (key, path, isFolder) in entries)
        {
            if (!isFolder)
            {
                yield return (key, path);
                continue;
            }

            foreach (var below in Below(path, key, prefix))
            {
                yield return below;
            }
        }
    }

    private static string NameOf(FileSystemInfo entry) =>
        entry is DirectoryInfo ? $"{entry.Name}/" : entry.Name[FileMark.Length..];

    /// <summary>The key of a file has the prefix; that of a folder may lead to keys that have it.</summary>
    private static bool IsWanted(string key, string prefix) =>
        key.StartsWith(prefix, StringComparison.Ordinal)
        || (key.EndsWith('/') && prefix.StartsWith(key, StringComparison.Ordinal));

    private async Task WriteAsync(string draft, Stream content, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(
            draft,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.None,
                Options = FileOptions.Asynchronous,
                UnixCreateMode = OwnerOnly,
            }
        );
        await content.CopyToAsync(file, cancellationToken);
        file.Flush(flushToDisk: true);
    }

    /// <summary>One of several that come at once is first: a hard link is there or is refused. .NET's own move looks and then renames.</summary>
    private static bool Publish(string draft, string file)
    {
        if (!Native.TryLink(draft, file))
        {
            return false;
        }

        DiskFlush.Folder(Path.GetDirectoryName(file)!);
        return true;
    }

    private void RemoveAbandoned()
    {
        Directory.CreateDirectory(drafts);
        foreach (var draft in new DirectoryInfo(drafts).EnumerateFiles())
        {
            if (clock.GetUtcNow().UtcDateTime - draft.LastWriteTimeUtc > Abandoned)
            {
                draft.Delete();
            }
        }
    }

    private string PathOf(ObjectKey key)
    {
        var slash = key.Value.LastIndexOf('/');
        return Path.Join(folder, key.Value[..(slash + 1)], FileMark + key.Value[(slash + 1)..]);
    }
}
