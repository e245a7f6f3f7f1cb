using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator.World;

namespace Tidegate.Simulator.Steps;

/// <summary>From the fence to the swap: the tenant's requests are held, its database belongs to nobody else.</summary>
internal static class Changing
{
    public static async ValueTask<StepOutcome?> FenceAsync(Fence step, StepContext context, Hands hands)
    {
        await hands.DoAsync(context, tenant => tenant.Live.IsClosed = true);
        await hands.DoAsync(context, tenant => tenant.Live.Writers.Clear());
        return null;
    }

    public static async ValueTask<StepOutcome?> CopyAsync(Copy step, StepContext context, Hands hands)
    {
        var tenant = await hands.LookAsync(context);
        if (Next(tenant) is not { IsWhole: true, MigrationBegan: false })
        {
            await CopyAnewAsync(context, hands);
        }

        return null;
    }

    public static async ValueTask<StepOutcome?> MigrateAsync(Migrate step, StepContext context, Hands hands)
    {
        var tenant = await hands.LookAsync(context);
        if (Next(tenant) is { MigrationEnded: true })
        {
            return null;
        }

        // A copy on which a migration began and did not end well is never migrated again.
        if (Next(tenant) is not { IsWhole: true, MigrationBegan: false })
        {
            await CopyAnewAsync(context, hands);
        }

        await hands.DoAsync(context, tenant => Next(tenant)!.MigrationBegan = true);
        if (hands.Fault(context) is { } fault)
        {
            return fault;
        }

        await hands.DoAsync(context, tenant => Next(tenant)!.Schema = context.Target.To.Digest);
        await hands.DoAsync(context, tenant => Next(tenant)!.MigrationEnded = true);
        return null;
    }

    public static async ValueTask<StepOutcome?> JudgeAsync(Judge step, StepContext context, Hands hands)
    {
        var tenant = await hands.LookAsync(context);
        return Next(tenant) is { MigrationEnded: true } next && next.Schema == context.Target.To.Digest
            ? null
            : new StepOutcome.Failed("the copy is not migrated");
    }

    public static async ValueTask<StepOutcome?> SwapAsync(Swap step, StepContext context, Hands hands)
    {
        await hands.DoAsync(
            context,
            tenant =>
            {
                // One transaction: both renames and the row.
                if (!tenant.Swaps.ContainsKey(context.Upgrade))
                {
                    var next = Next(tenant)!;
                    tenant.Databases[Names.Old(tenant.Database, context.Upgrade)] = tenant.Live;
                    tenant.Databases[tenant.Database] = next;
                    tenant.Databases.Remove(Names.Next(tenant.Database));
                    tenant.Swaps.Add(context.Upgrade, next.Oid);
                }
            }
        );
        return null;
    }

    private static async ValueTask CopyAnewAsync(StepContext context, Hands hands)
    {
        await hands.DoAsync(context, tenant => tenant.Databases.Remove(Names.Next(tenant.Database)));
        await hands.DoAsync(
            context,
            tenant => tenant.Databases[Names.Next(tenant.Database)] = tenant.Live.Copy(hands.Site.NextOid())
        );
        await hands.DoAsync(context, tenant => Next(tenant)!.IsWhole = true);
    }

    private static SimulatedDatabase? Next(SimulatedTenant tenant) =>
        tenant.Databases.GetValueOrDefault(Names.Next(tenant.Database));
}
