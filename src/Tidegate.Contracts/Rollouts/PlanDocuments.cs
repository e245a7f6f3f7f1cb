using Tidegate.Contracts.Releases;

namespace Tidegate.Contracts.Rollouts;

/// <summary>What a rollout should be: which release, where, under which rules.</summary>
/// <param name="Rules">What differs from the defaults, or null.</param>
/// <param name="Supersede">Whether it is to take the place of a rollout that runs in the same environment: tenants that wait there are planned.</param>
/// <param name="Older">Whether tenants may be taken to a release that was registered before the one they run.</param>
/// <param name="Overrides">What it would go past as an emergency: gates and rules of calendars, as <c>freeze:retail/black-friday</c>. No part of the plan's hash.</param>
public sealed record PlanRollout(
    string Release,
    string Environment,
    RolloutRules? Rules = null,
    bool Supersede = false,
    bool Older = false,
    IReadOnlyList<string>? Overrides = null
);

/// <summary>Rules of one rollout; null means the default.</summary>
/// <param name="Canaries">Tenants that go first.</param>
/// <param name="WaveSizes">Tenants per wave; the last number repeats, 0 is all that are left.</param>
/// <param name="FailureBudget">Tenants that may go back before no further one is started.</param>
/// <param name="Concurrency">Tenants worked on at once.</param>
/// <param name="CheckpointBudgetBytes">Bytes that the checkpoints of one wave may take.</param>
/// <param name="MaxDatabaseBytes">Largest database copied inside a hold.</param>
/// <param name="BakeSeconds">How long each tenant is watched after opening.</param>
/// <param name="MaxErrorShare">Share of a watched tenant's requests, 0 to 1, that may fail by the server's fault.</param>
public sealed record RolloutRules(
    IReadOnlyList<string>? Canaries = null,
    IReadOnlyList<int>? WaveSizes = null,
    int? FailureBudget = null,
    int? Concurrency = null,
    long? CheckpointBudgetBytes = null,
    long? MaxDatabaseBytes = null,
    double? QuiesceBoundSeconds = null,
    double? DrainBoundSeconds = null,
    double? HoldBoundSeconds = null,
    double? MigrateBoundSeconds = null,
    double? BakeSeconds = null,
    double? MaxErrorShare = null
);

/// <summary>A plan, for people and programs. <see cref="Hash"/> names what was decided.</summary>
/// <param name="Gates">What the gates say that the environment's policy asks before work begins; null where it asks none. While one does not pass the plan cannot start.</param>
public sealed record PlanView(
    string Hash,
    string Release,
    string Digest,
    string Environment,
    string PolicyVersion,
    IReadOnlyList<PlannedWave> Waves,
    IReadOnlyList<PlannedExclusion> Excluded,
    IReadOnlyList<GateView>? Gates = null,
    TimetableView? Timetable = null
);

public sealed record PlannedWave(int Number, IReadOnlyList<PlannedTenant> Tenants);

/// <summary>One tenant's way to the release.</summary>
/// <param name="From">The release it runs now.</param>
/// <param name="Mode"><c>held</c> or <c>maintenance</c>.</param>
/// <param name="PredictedHoldSeconds">A forecast, not a promise.</param>
/// <param name="Prediction">Its interval and what it rests on, where the tenant was rehearsed; null where it is a guess.</param>
/// <param name="Checkpoint">How its checkpoint is made: <c>file-copy</c>, <c>wal-log</c> or <c>clone</c>.</param>
/// <param name="CheckpointReason">Why so.</param>
/// <param name="Alternatives">The other ways, and why not.</param>
public sealed record PlannedTenant(
    string Tenant,
    string Pool,
    string From,
    string Mode,
    double PredictedHoldSeconds,
    long CheckpointBytes,
    IReadOnlyList<string> Modules,
    IReadOnlyList<string> Steps,
    IReadOnlyList<string> WayBack,
    PredictionView? Prediction = null,
    string? Checkpoint = null,
    string? CheckpointReason = null,
    IReadOnlyList<PlannedAlternative>? Alternatives = null
);

/// <summary>Nine of ten holds are expected in this interval.</summary>
public sealed record PredictionView(double LowSeconds, double HighSeconds, string Basis);

/// <summary>A way to make a checkpoint that was not chosen.</summary>
public sealed record PlannedAlternative(string Strategy, string Reason);

/// <summary>A tenant that the plan leaves alone.</summary>
public sealed record PlannedExclusion(string Tenant, string Reason);

/// <summary>Starts a rollout.</summary>
/// <param name="PlanHash">Carries out exactly this plan, or nothing when the world has moved; null takes the plan of now.</param>
/// <param name="Supersede">May take the place of a rollout that runs in the same environment.</param>
/// <param name="Older">Tenants may be taken to a release that was registered before the one they run.</param>
/// <param name="Emergency">Starts it although git says what the environment runs; <paramref name="Reason"/> must say why.</param>
/// <param name="Overrides">Gates and rules of calendars that the emergency goes past, by name; its policy says which it may.</param>
/// <param name="Expires">When the emergency ends, and its rollout halts; four hours from now when null.</param>
public sealed record StartRollout(
    string Release,
    string Environment,
    RolloutRules? Rules = null,
    string? PlanHash = null,
    string? Reason = null,
    bool Supersede = false,
    bool Older = false,
    bool Emergency = false,
    IReadOnlyList<string>? Overrides = null,
    DateTimeOffset? Expires = null
);

/// <summary>A rollout that was started.</summary>
/// <param name="Emergency">The emergency that it is, whose review has to be closed; null for an ordinary start.</param>
public sealed record StartedRollout(
    string Id,
    string PlanHash,
    IReadOnlyList<PlannedExclusion> Excluded,
    string? Emergency = null
);
