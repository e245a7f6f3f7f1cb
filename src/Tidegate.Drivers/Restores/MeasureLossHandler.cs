using System.Collections.Immutable;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Restores;

/// <summary>Counts under the fence what the tenant loses, keeps all of it, and goes on only if it was accepted.</summary>
internal sealed class MeasureLossHandler(SiteLayout layout, SitePostgres site, TimeProvider clock)
    : IStepHandler<MeasureLoss>
{
    /// <summary>The price as it was measured, in the evidence.</summary>
    public const string File = "loss.json";

    public Task<StepOutcome> RunAsync(MeasureLoss step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(
            site,
            context,
            session => MeasureAsync(session, step, context, cancellationToken),
            cancellationToken
        );

    private async Task<StepOutcome> MeasureAsync(
        FencedSession session,
        MeasureLoss step,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var source = await DatabaseFacts.FindAsync(session.Postgres, step.Source.Database, cancellationToken);
        if (source?.Oid != step.Source.Oid)
        {
            return new StepOutcome.Failed(
                $"Database {step.Source.Database} is not the one that was to take the place of {context.Target.Database}: it is gone, or another. Restore again."
            );
        }

        if (await FenceRecord.FindAsync(session.Postgres, context.Upgrade, cancellationToken) is null)
        {
            return new StepOutcome.Failed($"Database {context.Target.Database} is not fenced: nothing was counted.");
        }

        var evidence = new Evidence(
            layout.EvidenceOf(context.Rollout, context.Target.Tenant),
            token => FencedSession.RefuseIfStaleAsync(site, context.Target.Tenant, context.Epoch, token)
        );
        var (price, files) = await ClosedDatabase.InsideAsync(
            session,
            context.Target.Database,
            live =>
                ClosedDatabase.InsideAsync(
                    session,
                    step.Source.Database,
                    restored => MeasureAsync(live, restored, step, evidence, cancellationToken),
                    cancellationToken
                ),
            cancellationToken
        );
        await evidence.WriteAsync(File, price, cancellationToken);
        foreach (var database in new[] { context.Target.Database, step.Source.Database })
        {
            if (await EmptyDatabase.ProveAsync(session, database, clock, cancellationToken) is { } busy)
            {
                return new StepOutcome.PutOff(busy);
            }
        }

        return AcceptedLoss.Refusal(price, step.Accepted) is { } refusal
            ? new StepOutcome.Failed(
                $"{context.Target.Tenant} does not go back: {refusal}.",
                EvidenceFiles.Place(context, File)
            )
            : new StepOutcome.Done(
                $"{price.Sentence}; {files} files of lost rows in evidence {context.Rollout}/{context.Target.Tenant}"
            );
    }

    private async Task<(WayBackPrice Price, int Files)> MeasureAsync(
        PostgresSession live,
        PostgresSession restored,
        MeasureLoss step,
        Evidence evidence,
        CancellationToken cancellationToken
    )
    {
        await live.ExecuteAsync("SET default_transaction_read_only = on", cancellationToken);
        await restored.ExecuteAsync("SET default_transaction_read_only = on", cancellationToken);
        var measure = await LossMeasure.BeginAsync(live, restored, step.Since, cancellationToken);
        var (written, files) = (ImmutableArray.CreateBuilder<WrittenDocuments>(), 0);
        foreach (var lost in await measure.CompareAsync(cancellationToken))
        {
            written.Add(await measure.SummariseAsync(lost, cancellationToken));
            files += await new LossExport(live, evidence).WriteAsync(lost, cancellationToken);
        }

        return (
            new(
                step.Since.Point,
                clock.GetUtcNow(),
                IsExact: true,
                written.DrainToImmutable(),
                await new LeftReader(live, measure.Rows).ReadAsync(cancellationToken)
            ),
            files
        );
    }
}
