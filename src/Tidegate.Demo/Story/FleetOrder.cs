using Tidegate.Cli.Client;
using Tidegate.Contracts.Fleet;

namespace Tidegate.Demo.Story;

/// <summary>Has a fleet known and served.</summary>
internal static class FleetOrder
{
    /// <exception cref="StoryException">A tenant is not served; the message says why.</exception>
    public static async Task ServeAsync(
        this ControlPlaneClient controlPlane,
        FleetDocument fleet,
        CancellationToken cancellationToken
    )
    {
        var applied = await controlPlane.PostAsync<FleetDocument, AppliedFleet>("/api/fleet", fleet, cancellationToken);
        if (applied.Unplaced is [var tenant, ..])
        {
            throw new StoryException($"{tenant.Tenant} is not served: {tenant.Reason}");
        }
    }
}
