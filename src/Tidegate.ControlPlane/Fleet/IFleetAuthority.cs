namespace Tidegate.ControlPlane.Fleet;

/// <summary>Who says what the fleet is: a repository, or people by hand.</summary>
public interface IFleetAuthority
{
    /// <summary>The followed repository; null while people say it by hand.</summary>
    Task<string?> RepositoryAsync(CancellationToken cancellationToken);
}
