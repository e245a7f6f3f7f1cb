using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>What a rollout will do, decided once: waves, tenants, steps. Never edited; a newer plan supersedes it.</summary>
/// <param name="Hash"><see cref="PlanHash"/>: what was decided and the inputs read for it; not predictions, not times.</param>
public sealed record RolloutPlan(
    EnvironmentName Environment,
    ReleaseRef Release,
    RolloutPolicy Policy,
    ImmutableArray<Wave> Waves,
    ImmutableArray<Exclusion> Excluded,
    string Hash
)
{
    /// <summary>What of calendars decides about its tenants.</summary>
    public PlanCalendar Calendar { get; init; } = PlanCalendar.None;

    /// <summary>When they are expected to begin and to be done; null where no calendar speaks of them. Not part of the hash.</summary>
    public Timetable? Timetable { get; init; }
}

/// <summary>Tenants that may be worked on together. A wave begins when the one before it has ended well.</summary>
/// <param name="Number">Counted from 1.</param>
public sealed record Wave(int Number, ImmutableArray<TenantPlan> Tenants);

/// <summary>One tenant's way to the release, and back.</summary>
/// <param name="Back">The way back before opening. Each of its steps looks whether there is anything to do, so all of it may always run.</param>
/// <param name="Mode">What users see while the tenant changes release.</param>
/// <param name="PredictedHold">A forecast; not part of the hash.</param>
/// <param name="CheckpointBytes">What the checkpoint will take on disk.</param>
public sealed record TenantPlan(
    UpgradeTarget Target,
    ImmutableArray<Step> Steps,
    ImmutableArray<Step> Back,
    CutoverMode Mode,
    TimeSpan PredictedHold,
    long CheckpointBytes
)
{
    /// <summary>Preflight, a generation's start, the baseline, quiescing and the journeys: measured in tens of seconds.</summary>
    public static readonly TimeSpan Around = TimeSpan.FromMinutes(1);

    /// <summary>The forecast with its interval, where a rehearsal gave one; not part of the hash.</summary>
    public HoldForecast? Forecast { get; init; }

    /// <summary>
    /// From its start until it is open again, and the reserve for the way back: a forecast, not part of the hash. The
    /// worst hold that is expected, as long again for a way back, and what goes before a hold and after it.
    /// </summary>
    public TimeSpan Need => Around + 2 * (Forecast?.High ?? PredictedHold);

    /// <summary>How its checkpoint is made, and why so.</summary>
    public StrategyChoice.Chosen Checkpoint { get; init; } = StrategyChoice.Chosen.Unsaid;
}

/// <summary>A tenant that this plan leaves alone, and why.</summary>
/// <param name="IsBusy">Because another rollout works on it.</param>
public sealed record Exclusion(TenantName Tenant, string Reason, bool IsBusy = false);

/// <summary>What users see during a cutover.</summary>
public enum CutoverMode
{
    /// <summary>Requests wait and are answered: the forecast is inside the bound.</summary>
    Held,

    /// <summary>The maintenance page and 503: the forecast is over the bound.</summary>
    Maintenance,
}
