using System.Globalization;
using Npgsql;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Odoo;

/// <summary>Refuses a tenant that is not ready, before anything is touched. Of one that is, it keeps the catalogue that the release will be compared with.</summary>
internal sealed class PreflightHandler(SiteLayout layout, SitePostgres site) : IStepHandler<Preflight>
{
    public Task<StepOutcome> RunAsync(Preflight step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(site, context, _ => CheckAsync(step, context, cancellationToken), cancellationToken);

    private async Task<StepOutcome> CheckAsync(Preflight step, StepContext context, CancellationToken cancellationToken)
    {
        var target = context.Target;
        var readiness = await DatabaseReadiness.ReadAsync(
            site,
            target.Database,
            target.Profile.ExternalRoles,
            cancellationToken
        );
        if (Refusals(readiness, step, context) is { Count: > 0 } refusals)
        {
            return new StepOutcome.Failed(string.Join(' ', refusals));
        }

        var catalogue = await ReadAsync(context, cancellationToken);
        var unknown = target.Modules.Where(module => !catalogue.Modules.ContainsKey(module)).ToList();
        if (unknown.Count > 0)
        {
            return new StepOutcome.Failed(
                $"Database {target.Database} has no module {string.Join(", ", unknown)} installed, which {target.To.Name} is to update. Plan again."
            );
        }

        await EvidenceFiles.Of(layout, context).WriteAsync(EvidenceFiles.Before, catalogue, cancellationToken);
        return new StepOutcome.Done(
            string.Create(
                CultureInfo.InvariantCulture,
                $"database {target.Database} is ready: {readiness.SizeBytes >> 20} MB, {catalogue.Modules.Count} modules"
            )
        );
    }

    private static List<string> Refusals(DatabaseReadiness readiness, Preflight step, StepContext context) =>
        readiness.SizeBytes > step.MaxDatabaseBytes
            ?
            [
                .. readiness.Refusals,
                $"Database {context.Target.Database} has {readiness.SizeBytes >> 20} MB, and no more than {step.MaxDatabaseBytes >> 20} MB are copied while a shop waits. Raise --max-database-mb.",
            ]
            : [.. readiness.Refusals];

    private async Task<Catalogue> ReadAsync(StepContext context, CancellationToken cancellationToken)
    {
        await using var session = new NpgsqlConnection(
            site.ConnectionString(
                context.Target.Database,
                DatabaseNames.SiteRole,
                FencedSession.ApplicationName(context.Target.Tenant, context.Epoch)
            )
        );
        await session.OpenAsync(cancellationToken);
        return await CatalogueReader.ReadAsync(session, known: null, cancellationToken);
    }
}
