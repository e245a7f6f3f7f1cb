namespace Tidegate.ControlPlane.Storage;

/// <summary>
/// What an object store lets go, and what it does not. Apart from <see cref="IObjectStore"/>, so that only a retention
/// run can remove anything: nothing else asks for this.
/// </summary>
public interface IObjectRetention
{
    /// <summary>Removes an object. Removing it twice is no error.</summary>
    Task<ObjectRemoval> RemoveAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Keeps everybody, also us, from removing an object before then. Never shortens what holds already.</summary>
    /// <returns>False when this store cannot.</returns>
    Task<bool> LockAsync(ObjectKey key, DateTimeOffset until, CancellationToken cancellationToken);
}

/// <summary>What became of an object that should go.</summary>
public enum ObjectRemoval
{
    /// <summary>It is not there any more.</summary>
    Removed,

    /// <summary>The store holds it until its lock has run out.</summary>
    Locked,
}
