using System.Collections.Immutable;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>A rollout in numbers: all that its decision needs, however many tenants it has.</summary>
/// <param name="Ordered">Why it was told to stop (<see cref="StopOrder"/>), or null.</param>
/// <param name="FirstFailure">The first sentence of a tenant that went back, or null.</param>
public sealed record RolloutSummary(
    RolloutId Id,
    RolloutPolicy Policy,
    ImmutableArray<WaveSummary> Waves,
    string? Ordered,
    string? FirstFailure
);

/// <summary>How many tenants of a wave stand where.</summary>
/// <param name="Open">Of each site, those that have not ended. A site without any may be left out.</param>
public sealed record WaveSummary(
    int Number,
    ImmutableArray<OpenTenants> Open,
    int Completed,
    int CompletedWithException,
    int RolledBack,
    int PutOff,
    int Untouched
)
{
    public int Pending => Open.Sum(site => site.Pending);

    public int Running => Open.Sum(site => site.Running);

    public int OnNewRelease => Completed + CompletedWithException;

    public bool HasEnded => Pending == 0 && Running == 0;
}

/// <summary>Tenants of a wave on one site that have not ended.</summary>
public sealed record OpenTenants(SiteName Site, int Pending, int Running);

/// <summary>How a rollout ended.</summary>
public enum RolloutOutcome
{
    /// <summary>Every tenant of the plan runs the release.</summary>
    Completed,

    /// <summary>Some tenants went back or were put off within the budget; all others run the release.</summary>
    CompletedWithExceptions,

    /// <summary>Stopped; some tenants run the release, others do not.</summary>
    Halted,

    /// <summary>Stopped; no tenant runs the release.</summary>
    RolledBack,
}

/// <summary>What a rollout does next.</summary>
public abstract record RolloutDecision
{
    private RolloutDecision() { }

    /// <summary>Begin so many pending tenants of a wave on each of these sites, in the plan's order.</summary>
    public sealed record Start(int Wave, ImmutableArray<StartOnSite> Sites) : RolloutDecision
    {
        public int Tenants => Sites.Sum(site => site.Tenants);

        /// <summary>Which ones, where calendars or limits chose; null takes the first in the plan's order.</summary>
        public ImmutableArray<ChosenStart>? Chosen { get; init; }

        /// <summary>When to decide again at the latest; null where only a tenant that ends changes anything.</summary>
        public DateTimeOffset? Wake { get; init; }
    }

    /// <summary>Nothing to do until a running tenant ends, or the clock says so.</summary>
    public sealed record Wait : RolloutDecision
    {
        /// <summary>When to decide again at the latest; null where only a tenant that ends changes anything.</summary>
        public DateTimeOffset? Wake { get; init; }

        /// <summary>What calendars or limits say of those that would begin, where nobody may.</summary>
        public ImmutableArray<Blocker> Blockers { get; init; } = [];

        /// <summary>Of calendars about the first of them, for the ledger.</summary>
        public RecordedDecision? Decision { get; init; }
    }

    /// <summary>A rule of a calendar lets these not finish: they go back, unless they have begun to open.</summary>
    public sealed record GoBack(ImmutableArray<TurnedBack> Tenants) : RolloutDecision;

    /// <summary>No further tenant begins; the pending ones stay untouched. The running ones end first.</summary>
    public sealed record Stop(string Reason) : RolloutDecision;

    /// <summary>All is done.</summary>
    public sealed record Finish(RolloutOutcome Outcome, string? Reason) : RolloutDecision;
}

/// <summary>How many tenants begin on a site.</summary>
public sealed record StartOnSite(SiteName Site, int Tenants);
