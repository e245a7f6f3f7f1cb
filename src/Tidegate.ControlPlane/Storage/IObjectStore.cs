namespace Tidegate.ControlPlane.Storage;

/// <summary>
/// Keeps what is too large for the control database: manifests, reports, later backups' evidence. A flat space of keys
/// without folders, renames or appends, so that a directory and a bucket can both be one. What is there never changes.
/// </summary>
public interface IObjectStore
{
    /// <summary>
    /// Stores an object, unless there is one of that key. Nobody ever sees half of it, also when this process or the
    /// machine ends in the middle.
    /// </summary>
    /// <param name="content">Read to its end; need not know its length.</param>
    /// <returns>False when the key was taken; what is there stays as it is.</returns>
    Task<bool> PutAsync(ObjectKey key, Stream content, CancellationToken cancellationToken);

    /// <summary>The object's content from its beginning, or null when there is none of that key. Whoever asks closes it.</summary>
    Task<Stream?> GetAsync(ObjectKey key, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Every object whose key begins so, in the order of the keys' code points; one at a time.</summary>
    /// <param name="prefix">May end anywhere in a key; empty for all.</param>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>The same, only those whose keys come behind a text: what comes before it is not read one by one.</summary>
    IAsyncEnumerable<StoredObject> ListBehindAsync(string prefix, string after, CancellationToken cancellationToken);
}

/// <param name="Size">Bytes.</param>
public sealed record StoredObject(ObjectKey Key, long Size);
