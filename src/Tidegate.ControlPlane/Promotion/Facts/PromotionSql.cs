namespace Tidegate.ControlPlane.Promotion.Facts;

/// <summary>What several statements of promotion ask in the same words.</summary>
internal static class PromotionSql
{
    /// <summary>
    /// Whether a rollout takes a release somewhere. Any other kind proves nothing of a release and takes nothing away:
    /// this is the one place where they are left out.
    /// </summary>
    /// <param name="rollout">The name of the rollout's row in the statement.</param>
    public static string TakesRelease(string rollout) => $"{rollout}.kind = 'release'";

    /// <summary>
    /// Rollouts after which a hold is due, and nobody has lifted one since. One that was superseded went back only
    /// where a tenant did; where the digest went through later, there is nothing to hold.
    /// </summary>
    public static readonly string WentBack = $"""
        select r.id, r.environment, r.release_name, r.release_digest, r.ended_at,
               coalesce(case when r.aborted_by is not null then 'it was aborted by ' || r.aborted_by
                             || coalesce(': ' || r.abort_reason, '') end,
                        r.reason, 'it ended ' || r.outcome) as reason
          from rollout r
         where r.outcome in ('rolled_back', 'halted') and {TakesRelease("r")}
           and (r.superseded_by is null or r.aborted_by is not null
                or exists (select from upgrade u where u.rollout = r.id and u.ending = 'rolled_back'))
           and not exists (
               select from promotion_hold h
                where h.environment = r.environment and h.release_digest = r.release_digest
                  and (h.lifted_at is null or h.lifted_at >= r.ended_at))
           and not exists (
               select from rollout n
                where n.environment = r.environment and n.release_digest = r.release_digest
                  and n.outcome in ('completed', 'completed_with_exceptions') and n.ended_at > r.ended_at
                  and {TakesRelease("n")})
        """;
}
