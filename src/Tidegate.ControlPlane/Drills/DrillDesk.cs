using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Drills;

/// <summary>Orders drills.</summary>
public sealed class DrillDesk(FleetStore fleet, ObjectiveStore objectives, JobStore jobs, IDrillScenarios scenarios)
{
    /// <summary>With one tenant's data.</summary>
    /// <returns>The job, or why there is none.</returns>
    public async Task<(JobId? Job, string? Refusal)> OrderAsync(
        DrillScenario scenario,
        TenantName tenant,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        if (scenarios.Refusal(scenario) is { } refusal)
        {
            return (null, refusal);
        }

        if (await fleet.FindAsync([tenant], cancellationToken) is not [var member])
        {
            return (null, $"there is no tenant \"{tenant}\"; tidegate tenant list shows those there are.");
        }

        return await OrderAsync(
            member.Pool.Site,
            new DrillJob(
                scenario,
                tenant,
                member.Tenant.Database,
                [member.Tenant.Database],
                [.. (await objectives.OfAsync(tenant, cancellationToken)).Select(terms => terms.Objective)]
            )
            {
                Served = UpgradeTarget.Unchanged(member.Tenant, member.Pool, member.Release),
            },
            actor,
            reason,
            cancellationToken
        );
    }

    /// <summary>With a whole site.</summary>
    /// <inheritdoc cref="OrderAsync(DrillScenario, TenantName, string, string?, CancellationToken)" />
    public async Task<(JobId? Job, string? Refusal)> OrderAsync(
        DrillScenario scenario,
        SiteName site,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        if (scenarios.Refusal(scenario) is { } refusal)
        {
            return (null, refusal);
        }

        var members = (await fleet.ListAsync(null, cancellationToken))
            .Where(member => member.Pool.Site == site)
            .ToList();
        if (members.Count == 0)
        {
            return (
                null,
                $"site {site} has no tenants, so there is nothing to lose; tidegate tenant list shows where tenants are."
            );
        }

        var names = members.Select(member => member.Tenant.Name).ToHashSet();
        return await OrderAsync(
            site,
            new DrillJob(
                scenario,
                null,
                null,
                [.. members.Select(member => member.Tenant.Database).Order(StringComparer.Ordinal)],
                [
                    .. (await objectives.ListAsync(cancellationToken))
                        .Where(terms => terms.Tenants.Any(names.Contains))
                        .Select(terms => terms.Objective),
                ]
            ),
            actor,
            reason,
            cancellationToken
        );
    }

    private async Task<(JobId? Job, string? Refusal)> OrderAsync(
        SiteName site,
        DrillJob drill,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        var subject = drill.Tenant?.Value ?? site.Value;
        return (
            await jobs.OrderAsync(
                DrillJob.Kind,
                new JobOrder<DrillJob>(
                    site,
                    subject,
                    drill,
                    actor,
                    reason,
                    DrillJob.Lane,
                    $"drill/{drill.Scenario.Word()}/{subject}"
                ),
                cancellationToken
            ),
            null
        );
    }
}
