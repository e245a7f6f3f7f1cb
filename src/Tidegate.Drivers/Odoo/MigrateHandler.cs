using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Odoo;

/// <summary>
/// The release's own code updates the modules in the copy, once. A copy on which a migration began and that has no
/// result of its own is made anew first: nobody can tell what was done to it.
/// </summary>
internal sealed partial class MigrateHandler(
    SiteLayout layout,
    TenantCopy copies,
    IStepHandler<Copy> copying,
    MigrationRun run,
    ILogger<MigrateHandler> logger
) : IStepHandler<Migrate>
{
    private static StepOutcome.Done NothingToDo { get; } =
        new("the release changes no installed module; nothing to migrate");

    public async Task<StepOutcome> RunAsync(Migrate step, StepContext context, CancellationToken cancellationToken)
    {
        try
        {
            // Opens under this epoch first: an old control plane must not touch the checkpoint either.
            var copy = await copies.ReadAsync(context, cancellationToken);

            // The tenant is fenced: what its filestore holds now is what the checkpoint has to hold.
            var filestore = CheckpointFilestore.CompleteAsync(layout, context, cancellationToken);
            var migration = MigrateAsync(copy, step, context, cancellationToken);
            await Task.WhenAll(filestore, migration);
            return await migration;
        }
        catch (StaleEpochException stale)
        {
            return new StepOutcome.Unknown(stale.Message);
        }
        catch (IOException failure)
        {
            return new StepOutcome.Failed(failure.Message); // no checkpoint, no release: a full disk above all
        }
    }

    private async Task<StepOutcome> MigrateAsync(
        CopyState copy,
        Migrate step,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        copy switch
        {
            CopyState.Fresh fresh => await BeginAsync(step, context, fresh.Oid, cancellationToken),
            CopyState.Begun begun => await ContinueAsync(step, context, begun.Oid, cancellationToken),
            CopyState.Unusable unusable => new StepOutcome.Failed($"There is no copy to migrate: {unusable.Reason}."),
            _ => new StepOutcome.Failed(
                $"There is no copy to migrate: database {DatabaseNames.Next(context.Target.Database)} does not exist."
            ),
        };

    private async Task<StepOutcome> BeginAsync(
        Migrate step,
        StepContext context,
        long oid,
        CancellationToken cancellationToken
    )
    {
        if (!await copies.MarkMigrationBegunAsync(context, cancellationToken))
        {
            return new StepOutcome.NotYet(TimeSpan.FromSeconds(1), "the copy changed hands while it was looked at");
        }

        return step.Modules.IsEmpty ? NothingToDo : await run.MigrateAsync(step, context, oid, cancellationToken);
    }

    /// <summary>A result of this epoch counts. Of a lower epoch only a good one does: a bad one may be our own fence's doing.</summary>
    private async Task<StepOutcome> ContinueAsync(
        Migrate step,
        StepContext context,
        long oid,
        CancellationToken cancellationToken
    )
    {
        if (step.Modules.IsEmpty)
        {
            return NothingToDo;
        }

        if (await run.FindAsync(context, oid, cancellationToken) is { } outcome)
        {
            return outcome;
        }

        CopyMadeAnew(context.Target.Tenant.Value, oid);
        await run.EndAsync(context, cancellationToken);
        var copied = await copying.RunAsync(
            new Copy(),
            context with
            {
                StepId = context.StepId with { Kind = new Copy().Kind },
            },
            cancellationToken
        );
        return copied is StepOutcome.Done && await copies.ReadAsync(context, cancellationToken) is CopyState.Fresh fresh
            ? await BeginAsync(step, context, fresh.Oid, cancellationToken)
            : copied;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Copy {Oid} of {Tenant} was begun by a migration that left no result; it is made anew"
    )]
    private partial void CopyMadeAnew(string tenant, long oid);
}
