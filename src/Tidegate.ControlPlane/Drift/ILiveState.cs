namespace Tidegate.ControlPlane.Drift;

/// <summary>Looks at a site as it is now. Reads only; what cannot be read is said, part by part.</summary>
/// <remarks>The number of queries does not depend on the number of databases.</remarks>
public interface ILiveState
{
    /// <param name="databases">The tenants' databases; others are not looked at.</param>
    Task<LiveSite> ReadAsync(IReadOnlyCollection<string> databases, CancellationToken cancellationToken);
}
