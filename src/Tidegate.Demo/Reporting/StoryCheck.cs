using Tidegate.Demo.Story;

namespace Tidegate.Demo.Reporting;

/// <summary>Whether a rollout came out as the story tells it.</summary>
internal static class StoryCheck
{
    /// <summary>Requests that every rollout must have stood.</summary>
    public const int RequestsPerRollout = 1000;

    /// <summary>Requests that every cutover must have held: fewer would prove nothing.</summary>
    public const int HeldPerCutover = 20;

    /// <summary>One sentence per deviation; none when all is as told.</summary>
    public static IEnumerable<string> Deviations(
        Chapter chapter,
        RolloutReport rollout,
        IEnumerable<TenantEvidence> tenants
    )
    {
        if (rollout.RequestsFailed > 0)
        {
            yield return $"{rollout.Release}: {rollout.RequestsFailed} requests failed.";
        }

        if (rollout.OrdersLost + rollout.OrdersDoubled > 0)
        {
            yield return $"{rollout.Release}: {rollout.OrdersLost} orders lost, {rollout.OrdersDoubled} doubled.";
        }

        if (rollout.RequestsSent < RequestsPerRollout)
        {
            yield return $"{rollout.Release}: only {rollout.RequestsSent} requests sent.";
        }

        foreach (var tenant in tenants)
        {
            if (tenant is { Outcome: not "untouched", Held.Requests: < HeldPerCutover })
            {
                yield return $"{rollout.Release}: only {tenant.Held.Requests} requests of {tenant.Tenant} were held.";
            }
        }

        foreach (var sentence in chapter.GoesOut is { } goesOut ? Unexpected(goesOut, rollout) : [])
        {
            yield return sentence;
        }
    }

    private static IEnumerable<string> Unexpected(bool goesOut, RolloutReport rollout)
    {
        var outcome = goesOut ? "completed" : "rolled_back";
        if (rollout.Outcome != outcome)
        {
            yield return $"{rollout.Release} ended {rollout.Outcome} instead of {outcome}: {rollout.Reason}";
        }

        var touched = rollout.Tenants.Count(tenant => tenant.Outcome is not "untouched");
        var right = rollout.Tenants.Count(tenant => tenant.Outcome == outcome);
        var expected = goesOut ? rollout.Tenants.Count : 1;
        if (right != expected || touched != expected)
        {
            yield return $"{rollout.Release}: {right} tenants {outcome} and {touched} touched instead of {expected}.";
        }

        if (!goesOut && string.IsNullOrWhiteSpace(rollout.Reason))
        {
            yield return $"{rollout.Release} does not say why it stopped.";
        }
    }
}
