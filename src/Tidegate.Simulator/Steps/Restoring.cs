using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator.World;

namespace Tidegate.Simulator.Steps;

/// <summary>What a way back does beside what an upgrade does: a database that waited takes the copy's place.</summary>
internal static class Restoring
{
    public static async ValueTask<StepOutcome?> MeasureLossAsync(MeasureLoss step, StepContext context, Hands hands)
    {
        await hands.LookAsync(context);
        return hands.Fault(context);
    }

    public static async ValueTask<StepOutcome?> AdoptAsync(Adopt step, StepContext context, Hands hands)
    {
        await hands.DoAsync(
            context,
            tenant =>
            {
                // One transaction: the rename and the row.
                if (tenant.Databases.Remove(step.Source.Database, out var source))
                {
                    tenant.Databases[Names.Next(tenant.Database)] = source;
                    tenant.Adopted = step.Source.Checkpoint;
                }
            }
        );
        return null;
    }

    public static async ValueTask<StepOutcome?> ReturnSourceAsync(ReturnSource step, StepContext context, Hands hands)
    {
        await hands.DoAsync(
            context,
            tenant =>
            {
                if (tenant.Databases.Remove(Names.Next(tenant.Database), out var source))
                {
                    source.IsClosed = true;
                    source.Writers.Clear();
                    tenant.Databases[step.Source.Database] = source;
                    tenant.Adopted = null;
                }

                if (step.Source.Checkpoint is null)
                {
                    tenant.Databases.Remove(step.Source.Database);
                }
            }
        );
        return null;
    }
}
