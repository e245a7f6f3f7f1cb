using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Objectives;

/// <summary>What a drill plays through.</summary>
public enum DrillScenario
{
    /// <summary>A release that cannot serve: the old one serves again.</summary>
    FailedApplicationRelease,

    /// <summary>A migration that damaged data, found after opening: back to the checkpoint.</summary>
    FaultyMigration,

    /// <summary>Rows of one tenant are gone: that tenant alone goes back to a point in time.</summary>
    TenantCorruption,

    /// <summary>The site's PostgreSQL is gone, its backups are not.</summary>
    ClusterLoss,

    /// <summary>The site's whole machine is gone.</summary>
    SiteLoss,

    /// <summary>The control plane's own database is gone.</summary>
    ControlPlaneLoss,
}

/// <summary>Scenarios by their stable words: they are stored, typed and written in git.</summary>
public static class DrillScenarios
{
    public static ImmutableArray<DrillScenario> All { get; } = [.. Enum.GetValues<DrillScenario>()];

    public static ImmutableArray<string> Words { get; } = [.. All.Select(Word)];

    public static string Word(this DrillScenario scenario) =>
        scenario switch
        {
            DrillScenario.FailedApplicationRelease => "failed-application-release",
            DrillScenario.FaultyMigration => "faulty-migration",
            DrillScenario.TenantCorruption => "tenant-corruption",
            DrillScenario.ClusterLoss => "cluster-loss",
            DrillScenario.SiteLoss => "site-loss",
            DrillScenario.ControlPlaneLoss => "control-plane-loss",
        };

    /// <summary>Null where no scenario is called that.</summary>
    public static DrillScenario? Find(string word) => Words.IndexOf(word) is >= 0 and var index ? All[index] : null;

    /// <summary>Whether it is played with one tenant; the others are with a site.</summary>
    public static bool IsOfTenant(this DrillScenario scenario) =>
        scenario
            is DrillScenario.FailedApplicationRelease
                or DrillScenario.FaultyMigration
                or DrillScenario.TenantCorruption;
}
