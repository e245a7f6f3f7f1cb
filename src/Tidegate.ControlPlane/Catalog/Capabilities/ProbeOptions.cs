namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>How this server runs releases in a sandbox.</summary>
/// <param name="Owner">Names this process in leases.</param>
/// <param name="Site">The site that it lives in.</param>
public sealed record ProbeOptions(string Owner, string Site)
{
    /// <summary>How long a claim stays its own when it is not renewed, by the control database's clock.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);
}
