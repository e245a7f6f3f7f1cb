namespace Tidegate.ControlPlane.Refreshes;

/// <summary>How a staging tenant stands.</summary>
/// <param name="Last">The newest refresh; null when there was none.</param>
/// <param name="SucceededAt">When the newest that came to its end was ordered; null when none did.</param>
/// <param name="Refusal">Why its database may not be replaced; null when it may. See <see cref="StagingRules"/>.</param>
/// <param name="Waits">Why it is not refreshed by itself now, though it may be by a person; null when nothing is in the way.</param>
public sealed record RefreshFact(
    StagingTenant Staging,
    LastRefresh? Last,
    DateTimeOffset? SucceededAt,
    string? Refusal,
    string? Waits
);

/// <summary>A refresh as it is stored.</summary>
/// <param name="Job">Its job's id.</param>
/// <param name="IsUnderWay">Its job or its rollout has not ended.</param>
/// <param name="Failure">Why it did not come to its end; null when it did, or has not ended.</param>
public sealed record LastRefresh(string Job, DateTimeOffset OrderedAt, bool IsUnderWay, string? Failure);
