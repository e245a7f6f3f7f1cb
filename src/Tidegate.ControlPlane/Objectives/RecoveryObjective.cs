using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Objectives;

/// <summary>How soon a business process must work again, and how much of it may be lost, for some tenants.</summary>
/// <param name="Process">The business process: <c>order-capture</c>.</param>
/// <param name="RecoveryTime">From the loss until the process works again.</param>
/// <param name="RecoveryPoint">How far what is recovered may lie behind what had been written.</param>
public sealed record RecoveryObjective(
    ObjectiveName Name,
    string Process,
    TimeSpan RecoveryTime,
    TimeSpan RecoveryPoint
) : INamed<ObjectiveName>
{
    /// <summary>Every tenant of these environments.</summary>
    public ImmutableArray<EnvironmentName> Environments { get; init; } = [];

    public ImmutableArray<TenantName> Tenants { get; init; } = [];

    /// <summary>Every tenant with one of these tags.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Odoo models that the process writes, by technical name: <c>sale.order</c>.</summary>
    public ImmutableArray<string> Documents { get; init; } = [];

    public DrillCadence Drills { get; init; } = new();

    /// <summary>What an overdue or failed drill means for change.</summary>
    public GateDemand Proof { get; init; } = GateDemand.Report;
}

/// <summary>How often each scenario is drilled; null asks for none.</summary>
public sealed record DrillCadence
{
    public TimeSpan? FailedApplicationRelease { get; init; }
    public TimeSpan? FaultyMigration { get; init; }
    public TimeSpan? TenantCorruption { get; init; }
    public TimeSpan? ClusterLoss { get; init; }
    public TimeSpan? SiteLoss { get; init; }
    public TimeSpan? ControlPlaneLoss { get; init; }

    public TimeSpan? Of(DrillScenario scenario) =>
        scenario switch
        {
            DrillScenario.FailedApplicationRelease => FailedApplicationRelease,
            DrillScenario.FaultyMigration => FaultyMigration,
            DrillScenario.TenantCorruption => TenantCorruption,
            DrillScenario.ClusterLoss => ClusterLoss,
            DrillScenario.SiteLoss => SiteLoss,
            DrillScenario.ControlPlaneLoss => ControlPlaneLoss,
        };
}
