using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Recording;

namespace Tidegate.Demo.Reporting;

/// <summary>Puts one rollout's report together: how it ended from the control plane, everything counted from outside.</summary>
internal static class RolloutReports
{
    /// <param name="evidence">The site's evidence folder.</param>
    public static RolloutReport Of(
        string release,
        RolloutView rollout,
        WindowRecord record,
        IEnumerable<TenantEvidence> tenants,
        string evidence
    ) =>
        new(
            release,
            rollout.Outcome ?? "halted",
            Reason(rollout, evidence),
            record.RequestsSent,
            record.Failures.Count,
            record.RequestsHeld,
            record.Orders.Sent,
            record.Orders.Lost.Count,
            record.Orders.Doubled.Count,
            [.. tenants.Select(tenant => tenant.Report(release))]
        );

    private static string? Reason(RolloutView rollout, string evidence)
    {
        if (rollout.Outcome is "completed")
        {
            return null;
        }

        var failed = rollout.Tenants.FirstOrDefault(tenant => tenant is { Reason: not null, Evidence: not null });
        var reason = rollout.Reason ?? failed?.Reason;
        return failed is null ? reason : $"{reason} (evidence: {Path.Combine(evidence, failed.Evidence!)})";
    }
}
