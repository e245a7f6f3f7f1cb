using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Backups;

/// <summary>Looks at how a site's archive stands.</summary>
public interface IArchiveWatch
{
    /// <summary>Looks, records what was seen, and brings the catalogue up to date. What cannot be told is the state's problem, never an exception.</summary>
    Task<ArchiveState> LookAsync(SiteName site, CancellationToken cancellationToken);
}
