using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator;
using Tidegate.Simulator.Stores;
using Tidegate.TestKit;

namespace Tidegate.Tests.Simulation;

/// <summary>The contract of rollout stores, in memory.</summary>
public sealed class InMemoryRolloutStoreTests : RolloutStoreContract
{
    private InMemoryRolloutStore? store;

    protected override Task<IRolloutStore> EmptyStoreAsync() =>
        Task.FromResult<IRolloutStore>(store = new(new VirtualClock(Plans.Start)));

    protected override Task ExpireLeasesAsync()
    {
        store!.ExpireLeases();
        return Task.CompletedTask;
    }
}
