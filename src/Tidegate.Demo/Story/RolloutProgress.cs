using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Recording;

namespace Tidegate.Demo.Story;

/// <summary>A rollout at one instant: what the control plane says of it, and what its customers saw so far.</summary>
/// <param name="Elapsed">Since the rollout began.</param>
internal sealed record RolloutProgress(RolloutView Rollout, TrafficSoFar Traffic, DateTimeOffset At, TimeSpan Elapsed);
