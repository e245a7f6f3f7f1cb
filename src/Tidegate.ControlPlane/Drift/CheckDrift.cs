using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Observations;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Drift;

/// <summary>Asks a site's server to check it now. It stays to be done when nobody waits for it.</summary>
public sealed record CheckDrift
{
    public static readonly SiteRequestKind<CheckDrift, CheckedDrift> Kind = new("check-drift", Outlives: true);
}

/// <summary>What a check came to, in numbers; the store has the rest.</summary>
public sealed record CheckedDrift(int Judged, int Differences, int Unjudged);

/// <summary>Checks when somebody asks, and looks at the databases of a small site anew before.</summary>
public sealed class CheckDriftHandler(
    DriftCheck check,
    FleetStore fleet,
    TenantLookout lookout,
    ObservationOptions options
) : SiteRequestHandler<CheckDrift, CheckedDrift>(CheckDrift.Kind)
{
    protected override async Task<CheckedDrift> AnswerAsync(
        CheckDrift request,
        ClaimedRequest claimed,
        CancellationToken cancellationToken
    )
    {
        var tenants = (await fleet.ListAsync(null, cancellationToken))
            .Where(member => member.Pool.Site == claimed.Site)
            .Select(member => member.Tenant)
            .ToList();
        if (tenants.Count <= options.Few)
        {
            await lookout.LookAsync(tenants, cancellationToken);
        }

        var report = await check.RunAsync(claimed.Site, cancellationToken);
        return new(report.Judged, report.Differences.Length, report.Unjudged.Length);
    }
}
