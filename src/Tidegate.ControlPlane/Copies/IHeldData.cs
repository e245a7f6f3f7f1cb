using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Copies;

/// <summary>One kind of place that keeps a tenant's data beyond its copies: backups. Whoever keeps some registers one of these.</summary>
public interface IHeldData
{
    /// <summary>Everything of that kind that holds the tenant.</summary>
    Task<IReadOnlyList<HeldData>> OfAsync(TenantName tenant, CancellationToken cancellationToken);
}

/// <summary>Something that holds a tenant's data.</summary>
/// <param name="Kind"><c>cluster backup</c>, <c>tenant backup</c>.</param>
/// <param name="EndsAt">When it is gone by itself; null when nothing ends it.</param>
public sealed record HeldData(string Kind, string Id, string Where, DateTimeOffset? EndsAt);
