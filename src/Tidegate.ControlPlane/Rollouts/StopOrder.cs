namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Why a rollout was told to stop, as one sentence: what its tenants, its ledger and its readers are given.</summary>
public static class StopOrder
{
    public static string Superseded(RolloutId newer) => $"superseded by rollout {newer}";

    public static string Aborted(string actor, string? reason) =>
        reason is null ? $"aborted by {actor}" : $"aborted by {actor}: {reason}";
}
