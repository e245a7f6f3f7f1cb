using Npgsql;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Odoo;

/// <summary>Asks the success oracle about the migrated copy, keeps every answer, and makes a good copy ready to be served.</summary>
internal sealed class JudgeHandler(
    SiteLayout layout,
    SitePostgres site,
    TenantCopy copies,
    BundleStore bundles,
    OdooSignals signals
) : IStepHandler<Judge>
{
    public async Task<StepOutcome> RunAsync(Judge step, StepContext context, CancellationToken cancellationToken)
    {
        try
        {
            // Opens under this epoch first, which ends every session of an older control plane.
            return await copies.ReadAsync(context, cancellationToken) is CopyState.Begun
                ? await JudgeAsync(context, cancellationToken)
                : new StepOutcome.Failed($"There is no migrated copy of {context.Target.Tenant} to judge.");
        }
        catch (StaleEpochException stale)
        {
            return new StepOutcome.Unknown(stale.Message);
        }
    }

    private async Task<StepOutcome> JudgeAsync(StepContext context, CancellationToken cancellationToken)
    {
        var evidence = EvidenceFiles.Of(layout, context);
        var facts = await FactsAsync(context, evidence, cancellationToken);
        var verdict = SuccessOracle.Judge(facts);
        await evidence.WriteAsync(EvidenceFiles.Oracle, verdict, cancellationToken);
        if (verdict.Verdict is not Verdict.Pass)
        {
            return new StepOutcome.Failed(
                $"The migration of {context.Target.Tenant} to {context.Target.To.Name} did not succeed: {verdict.Reason}.",
                EvidenceFiles.Place(context, EvidenceFiles.Oracle)
            );
        }

        await using (var session = await OpenAsync(context, cancellationToken))
        {
            await InstalledChecksums.WriteAsync(
                session,
                bundles,
                context.Target.To.Digest,
                facts.After!.Modules.Keys,
                cancellationToken
            );
        }

        await signals.RaiseAsync(context, cancellationToken);
        return new StepOutcome.Done($"{verdict.Answers.Length} questions of the success oracle answered well");
    }

    private async Task<MigrationFacts> FactsAsync(
        StepContext context,
        Evidence evidence,
        CancellationToken cancellationToken
    )
    {
        var before = await evidence.FindAsync<Catalogue>(EvidenceFiles.Before, cancellationToken);
        Catalogue after;
        await using (var session = await OpenAsync(context, cancellationToken))
        {
            after = await CatalogueReader.ReadAsync(session, before, cancellationToken);
        }

        await evidence.WriteAsync(EvidenceFiles.After, after, cancellationToken);
        var expected = ReleaseExpectation.Find(bundles, context.Target.To.Digest, context.Target.Modules, before);
        return new(
            context.Target.Modules,
            await evidence.FindAsync<JobResult>(EvidenceFiles.Migration, cancellationToken),
            await MigrationLog.FindAsync(evidence.PathOf(EvidenceFiles.MigrationLog), cancellationToken),
            expected?.Versions,
            expected?.Scripts ?? [],
            before,
            after
        );
    }

    private async Task<NpgsqlConnection> OpenAsync(StepContext context, CancellationToken cancellationToken)
    {
        var session = new NpgsqlConnection(
            site.ConnectionString(
                DatabaseNames.Next(context.Target.Database),
                DatabaseNames.SiteRole,
                FencedSession.ApplicationName(context.Target.Tenant, context.Epoch)
            )
        );
        await session.OpenAsync(cancellationToken);
        return session;
    }
}
