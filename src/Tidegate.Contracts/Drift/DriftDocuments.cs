namespace Tidegate.Contracts.Drift;

/// <summary>What differs between live state and what it should be, as it was last seen.</summary>
/// <param name="Checks">The last check of each site, by name. A site that was never checked is not in it.</param>
/// <param name="Differences">By subject, then by when they were first seen.</param>
/// <param name="NotInGit">What emergencies brought and git does not ask for, by environment.</param>
public sealed record DriftView(
    IReadOnlyList<DriftCheckView> Checks,
    IReadOnlyList<DifferenceView> Differences,
    IReadOnlyList<ReleaseNotInGitView> NotInGit
);

/// <summary>A release that an emergency brought and tenants run, while git asks for another.</summary>
/// <param name="Code"><c>release-not-in-git</c>: as its blocker.</param>
/// <param name="Tenants">How many of the environment run it.</param>
/// <param name="Asked">The release that git asks for.</param>
/// <param name="Origin">The commit that asks, and its author.</param>
/// <param name="By">Who began the emergency.</param>
/// <param name="Next">What to do about it.</param>
public sealed record ReleaseNotInGitView(
    string Environment,
    string Code,
    string Release,
    int Tenants,
    string Asked,
    string Origin,
    string Emergency,
    string By,
    DateTimeOffset At,
    string Next
);

/// <summary>The last check of a site.</summary>
/// <param name="Judged">Tenants that were compared; null for who may not see all of them.</param>
/// <param name="Busy">Tenants that a rollout worked on: not compared. Null for who may not see all of them.</param>
/// <param name="Unknown">What else could not be compared; the first of many.</param>
public sealed record DriftCheckView(
    string Site,
    DateTimeOffset CheckedAt,
    double Seconds,
    int? Judged,
    int? Busy,
    IReadOnlyList<UnknownView> Unknown
);

/// <summary>What could not be compared: no difference is known of it, and none is ruled out.</summary>
/// <param name="Subject"><c>tenant/shop-oslo</c>, <c>generation/shared-0a1b2c3d4e5f</c>, <c>site/local</c>.</param>
/// <param name="Aspect"><c>rights</c>, <c>generation</c>, <c>route</c>, <c>modules</c>.</param>
public sealed record UnknownView(string Subject, string Aspect, string Why);

/// <summary>One difference.</summary>
/// <param name="Environment">Null for what belongs to the whole site.</param>
/// <param name="Says">What it means, for people.</param>
/// <param name="Item">What of the subject differs.</param>
/// <param name="Cause"><c>manual</c>: somebody changed it by hand; <c>behind</c>: the fleet has asked for something else since.</param>
/// <param name="FirstSeen">Without a break since.</param>
/// <param name="Last">What Tidegate last did there, or null when it is not known.</param>
/// <param name="HealedBy">The kind of the step that heals it; null when only a person can.</param>
/// <param name="Mode"><c>report</c> or <c>heal</c>: what the environment's policy says.</param>
/// <param name="Next">What to do about it.</param>
public sealed record DifferenceView(
    string Site,
    string Subject,
    string? Environment,
    string Code,
    string Says,
    string Item,
    string Expected,
    string Found,
    string Cause,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    LastActView? Last,
    string? HealedBy,
    string Mode,
    string Next
);

/// <summary>What Tidegate last did to a tenant.</summary>
/// <param name="What">One sentence without its instant.</param>
/// <param name="Rollout">The rollout or healing.</param>
public sealed record LastActView(string What, string Rollout, DateTimeOffset At);

/// <summary>Asks sites to be checked now.</summary>
/// <param name="Environment">Only sites that this environment has pools on; null for all.</param>
/// <param name="Wait">Whether to answer when they have been.</param>
public sealed record CheckDriftOrder(string? Environment = null, bool Wait = false);

/// <summary>What became of it on each site.</summary>
public sealed record CheckedSites(IReadOnlyList<CheckedSite> Sites);

/// <param name="Differences">How many there are; null when the site has not answered.</param>
/// <param name="Unknown">How many parts could not be compared.</param>
/// <param name="Reason">Why there is no answer yet, or null.</param>
public sealed record CheckedSite(string Site, int? Judged, int? Differences, int? Unknown, string? Reason);

/// <summary>Asks for known differences to be healed: of a tenant, or of an environment.</summary>
public sealed record HealDriftOrder(string? Tenant, string? Environment, string? Reason);

/// <summary>Healings that are under way, and what is not healed.</summary>
public sealed record HealingView(IReadOnlyList<StartedHealingView> Healings, IReadOnlyList<UnhealedView> Left);

/// <param name="Id">Followed as a rollout is.</param>
public sealed record StartedHealingView(
    string Id,
    string Environment,
    string Release,
    IReadOnlyList<HealedTenantView> Tenants
);

/// <param name="Steps">Kinds, in order.</param>
public sealed record HealedTenantView(string Tenant, IReadOnlyList<string> Steps);

/// <param name="IsWaiting">It may be healed once something else has ended.</param>
public sealed record UnhealedView(string Subject, string Code, string Why, bool IsWaiting);
