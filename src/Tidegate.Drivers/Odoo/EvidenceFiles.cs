using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Odoo;

/// <summary>Names of the evidence that one tenant's upgrade leaves.</summary>
internal static class EvidenceFiles
{
    /// <summary>The catalogue before anything was touched, with module versions and row counts.</summary>
    public const string Before = "before.json";

    /// <summary>The copy's catalogue after the migration.</summary>
    public const string After = "after.json";

    /// <summary>How the migration's process ended, with durations.</summary>
    public const string Migration = "migration.json";

    public const string MigrationLog = "migration.log";

    /// <summary>Every question of the success oracle with its answer.</summary>
    public const string Oracle = "oracle.json";

    /// <summary>The journeys on the old release.</summary>
    public const string Baseline = "baseline.json";

    /// <summary>The journeys on the new release, and what differs.</summary>
    public const string Verification = "verification.json";

    /// <summary>Writing throws <see cref="StaleEpochException"/> once the site has seen a higher epoch.</summary>
    public static Evidence Of(SiteLayout layout, StepContext context) =>
        new(
            layout.EvidenceOf(context.Rollout, context.Target.Tenant),
            token => FencedSession.RefuseIfStaleAsync(layout.Cluster, context.Target.Tenant, context.Epoch, token)
        );

    /// <summary>The place that an outcome names: below the site's evidence folder.</summary>
    public static string Place(StepContext context, string file) => $"{context.Rollout}/{context.Target.Tenant}/{file}";
}
