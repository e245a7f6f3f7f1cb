using Tidegate.Contracts.Blockers;

namespace Tidegate.Contracts.Promotion;

/// <summary>A release that git asks for in an environment.</summary>
/// <param name="State"><c>waiting</c>, <c>started</c>, <c>superseded</c>, <c>done</c> or <c>dropped</c>.</param>
/// <param name="Author">Who wrote the commit, as git says.</param>
/// <param name="Rollout">The rollout that took it last, or null.</param>
/// <param name="Order">A person's word that it may start, or null.</param>
/// <param name="JudgedAt">When its gates were asked last; null when they were not asked yet.</param>
/// <param name="Gates">What they said then; empty unless it waits.</param>
public sealed record PromotionView(
    string Environment,
    string Release,
    string Digest,
    string State,
    string Commit,
    string Author,
    DateTimeOffset RequestedAt,
    string? Rollout,
    PromotionOrderView? Order,
    DateTimeOffset? JudgedAt,
    IReadOnlyList<PromotionGateView> Gates
);

/// <summary>What a gate says of a release in an environment.</summary>
/// <param name="Verdict"><c>pass</c>, <c>fail</c>, <c>inconclusive</c> or <c>error</c>.</param>
/// <param name="LetsThrough">Whether work may go on: it passes, or the policy wants it to be shown only.</param>
public sealed record PromotionGateView(
    string Gate,
    string Verdict,
    bool LetsThrough,
    IReadOnlyList<PromotionReasonView> Reasons
);

/// <summary>Why a gate says so.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Since">Since when it blocks, without a break; null where that is not recorded.</param>
/// <param name="Until">When it ends by itself, or null.</param>
/// <param name="Clears">Who can clear it.</param>
/// <param name="Next">What that person does.</param>
public sealed record PromotionReasonView(
    string Code,
    string What,
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    string Clears,
    string Next
);

/// <summary>A person's word that planned work may start.</summary>
/// <param name="Older">Also to a release that was registered before one that tenants run.</param>
public sealed record PromotionOrderView(string By, DateTimeOffset At, string? Reason, bool Older);

/// <summary>After a rollout of a digest went back in an environment, automation does not promote it there again.</summary>
/// <param name="Rollout">The rollout that went back.</param>
public sealed record PromotionHoldView(
    string Environment,
    string Release,
    string Digest,
    DateTimeOffset Since,
    string Rollout,
    string Reason
);

/// <summary>All about promotion into one environment.</summary>
/// <param name="Asks">What git says of it; null while it says nothing.</param>
/// <param name="Upstream">How the release of <paramref name="Work"/> stands before it.</param>
/// <param name="Work">The newest planned work, or null.</param>
/// <param name="Holds">Those that nobody has lifted.</param>
/// <param name="Emergencies">What of emergencies is in the way: a review that nobody has closed, what runs and git does not ask for.</param>
public sealed record EnvironmentPromotion(
    string Environment,
    EnvironmentAsks? Asks,
    IReadOnlyList<UpstreamView> Upstream,
    PromotionView? Work,
    IReadOnlyList<PromotionHoldView> Holds,
    IReadOnlyList<BlockerView> Emergencies
);

/// <summary>What git says of an environment.</summary>
/// <param name="Release">Null when it asks for none.</param>
/// <param name="Start"><c>automatic</c> or <c>manual</c>.</param>
/// <param name="WhenBusy"><c>wait</c> or <c>supersede</c>.</param>
/// <param name="Expedited">What the release closes as a security fix, where soak and bake are shorter for it; null where they are not.</param>
public sealed record EnvironmentAsks(
    string? Release,
    IReadOnlyList<string> Upstream,
    double SoakSeconds,
    string Policy,
    string Start,
    string WhenBusy,
    string Commit,
    string Author,
    string? Expedited
);

/// <summary>How a release stands in an upstream environment.</summary>
/// <param name="OnRelease">How many of its tenants run the digest.</param>
/// <param name="VerifiedSince">Since when it is verified there without a break; null while it is not.</param>
public sealed record UpstreamView(string Environment, int Tenants, int OnRelease, DateTimeOffset? VerifiedSince);

/// <summary>Whether a release may enter an environment, asked before anybody writes it down.</summary>
/// <param name="LetsThrough">Whether every gate does.</param>
public sealed record PromotionAnswer(
    string Environment,
    string Release,
    string Digest,
    bool LetsThrough,
    IReadOnlyList<PromotionGateView> Gates
);

/// <summary>Lets planned work start that waits for a person.</summary>
/// <param name="Reason">One line, or null; kept in the ledger.</param>
/// <param name="Older">Also to a release that was registered before one that tenants run.</param>
public sealed record StartPromotion(string? Reason = null, bool Older = false);

/// <summary>Lets automation promote again what went back.</summary>
/// <param name="Reason">One line; kept in the ledger.</param>
/// <param name="Release">Only this one, by name; all that are held there when null.</param>
public sealed record LiftHold(string Reason, string? Release = null);
