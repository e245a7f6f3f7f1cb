namespace Tidegate.ControlPlane.Blockers;

/// <summary>Why something is not moving: one record, shown the same everywhere.</summary>
/// <param name="Subject">What does not move: <c>environment/production</c>, <c>tenant/shop-oslo</c>, <c>source/fleet</c>.</param>
/// <param name="Code">Stable, for programs: <c>release-blocked</c>, <c>soaking</c>. One per subject and owner.</param>
/// <param name="What">One sentence.</param>
/// <param name="Since">When it was first found, without a break since.</param>
/// <param name="Until">When it ends by itself, or null.</param>
/// <param name="Clears">Who can clear it: <c>nobody, it passes</c>, <c>the author of the commit</c>.</param>
/// <param name="Next">What that person does.</param>
/// <param name="Origin">Where it comes from, for people: a commit with its author, a rollout. Or null.</param>
/// <param name="Rule">File and line in git of the rule that blocks, <c>policies/careful.yaml:4</c>; null where none does.</param>
public sealed record Blocker(
    string Subject,
    string Code,
    string What,
    DateTimeOffset Since,
    DateTimeOffset? Until,
    string Clears,
    string Next,
    string? Origin = null,
    string? Rule = null
);
