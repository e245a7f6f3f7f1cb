using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Parity;

/// <summary>Looks at a tenant's database, and at what its generation was started with. Reads only.</summary>
public interface IParityReader
{
    Task<TenantParity> ReadAsync(FleetMember member, CancellationToken cancellationToken);
}
