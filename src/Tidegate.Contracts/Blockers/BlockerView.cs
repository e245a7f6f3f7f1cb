namespace Tidegate.Contracts.Blockers;

/// <summary>Why something is not moving.</summary>
/// <param name="Subject">What does not move: <c>environment/production</c>, <c>tenant/shop-oslo</c>.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="What">One sentence.</param>
/// <param name="Until">When it ends by itself, or null.</param>
/// <param name="Clears">Who can clear it.</param>
/// <param name="Next">What that person does.</param>
/// <param name="Origin">A commit with its author, a rollout, or null.</param>
/// <param name="Rule">File and line in git of the rule that blocks, <c>policies/careful.yaml:4</c>; null where none does.</param>
public sealed record BlockerView(
    string Subject,
    string Code,
    string What,
    DateTimeOffset Since,
    DateTimeOffset? Until,
    string Clears,
    string Next,
    string? Origin,
    string? Rule = null
);
