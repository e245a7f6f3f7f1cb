using Tidegate.ControlPlane.Storage;

namespace Tidegate.Drivers.Objects;

/// <summary>An object store with what it lets go.</summary>
public interface IRetainingStore : IObjectStore, IObjectRetention;
