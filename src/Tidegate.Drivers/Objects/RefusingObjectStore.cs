using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.Drivers.Objects;

/// <summary>Stands where no store could be opened: whoever wants something of it is told why.</summary>
internal sealed class RefusingObjectStore(string reason) : IRetainingStore
{
    public Task<bool> PutAsync(ObjectKey key, Stream content, CancellationToken cancellationToken) => throw Refusal();

    public Task<Stream?> GetAsync(ObjectKey key, CancellationToken cancellationToken) => throw Refusal();

    public Task<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken) => throw Refusal();

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
        throw Refusal();

    public IAsyncEnumerable<StoredObject> ListBehindAsync(
        string prefix,
        string after,
        CancellationToken cancellationToken
    ) => throw Refusal();

    public Task<ObjectRemoval> RemoveAsync(ObjectKey key, CancellationToken cancellationToken) => throw Refusal();

    public Task<bool> LockAsync(ObjectKey key, DateTimeOffset until, CancellationToken cancellationToken) =>
        throw Refusal();

    private JobFailedException Refusal() => new(reason);
}
