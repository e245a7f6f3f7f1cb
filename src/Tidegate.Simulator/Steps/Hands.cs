using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator.World;

namespace Tidegate.Simulator.Steps;

/// <summary>How a step touches the site: one atomic effect after the other, each guarded by the epoch, with a point before it at which the process may die or freeze.</summary>
/// <param name="hasTraffic">Whether a user places an order with the tenant at each point.</param>
internal sealed class Hands(SimulatedSite site, SimulatedProcess process, FaultPlan faults, bool hasTraffic)
{
    public SimulatedSite Site => site;

    public async ValueTask DoAsync(StepContext context, Action<SimulatedTenant> effect) =>
        effect(await LookAsync(context));

    /// <summary>Comes to the tenant without changing anything but the epoch that the site has seen.</summary>
    public async ValueTask<SimulatedTenant> LookAsync(StepContext context)
    {
        if (hasTraffic)
        {
            site.Order(context.Target.Tenant);
        }

        await process.PointAsync(context.StepId.Kind);
        return site.Enter(context.Target.Tenant, context.Epoch);
    }

    public StepOutcome? Fault(StepContext context) => faults.Outcome(context);
}
