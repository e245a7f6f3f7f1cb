using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>How long a tenant's requests will be held, as its rehearsal and the site's cutovers say.</summary>
/// <param name="Low">Nine of ten holds are expected between this…</param>
/// <param name="High">…and this.</param>
/// <param name="Basis">What it rests on, for people.</param>
public sealed record HoldForecast(TimeSpan Hold, TimeSpan Low, TimeSpan High, string Basis);

/// <summary>A tenant that a forecast is asked for.</summary>
/// <param name="Installed">Its modules with their versions.</param>
public readonly record struct ForecastQuestion(
    Fleet.TenantName Tenant,
    Fleet.ReleaseDigest From,
    ImmutableSortedDictionary<string, string> Installed
);

/// <summary>Who can say how long holds will take.</summary>
public interface IHoldForecasts
{
    /// <summary>Of those tenants that something is known of.</summary>
    Task<IReadOnlyDictionary<Fleet.TenantName, HoldForecast>> ReadAsync(
        Fleet.ReleaseRef release,
        IReadOnlyCollection<ForecastQuestion> tenants,
        CancellationToken cancellationToken
    );
}
