using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Rehearsals.Observed;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Rehearsals.Probing;

namespace Tidegate.Drivers.Rehearsals;

/// <summary>What came of the migration of a rehearsal's copy.</summary>
internal sealed record MigrationSeen(
    ObservedMigration Observed,
    OracleVerdict Verdict,
    bool ViewsChanged,
    bool HasScripts
);

/// <summary>The copy of a rehearsal's database, made as a cutover makes it, migrated under the probe, and judged by the oracle.</summary>
internal sealed class RehearsedMigration(RehearsalHome home, StepContext context, Evidence evidence, TimeProvider clock)
{
    private UpgradeTarget Target => context.Target;

    private string Copy => DatabaseNames.Next(context.Target.Database);

    /// <summary>The copy that is migrated; the original stays, to be compared with.</summary>
    public async Task<string> CopyAsync(CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(SitePostgres.Maintenance, cancellationToken);
        await session.QueryAsync(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1",
            [Target.Database],
            row => row.GetBoolean(0),
            cancellationToken
        );
        await session.ExecuteAllAsync(
            [
                $"CREATE DATABASE {Sql.Name(Copy)} WITH TEMPLATE {Sql.Name(Target.Database)} STRATEGY file_copy OWNER {DatabaseNames.SiteRole}",
                $"REVOKE ALL ON DATABASE {Sql.Name(Copy)} FROM PUBLIC",
            ],
            cancellationToken
        );
        return $"database {Copy}";
    }

    public async Task<Catalogue> CatalogueAsync(Catalogue? before, CancellationToken cancellationToken)
    {
        await using var session = new NpgsqlConnection(home.Postgres.ConnectionString(Copy, SitePostgres.Superuser));
        await session.OpenAsync(cancellationToken);
        return await CatalogueReader.ReadAsync(session, before, cancellationToken);
    }

    /// <summary>Watches while the release updates its modules; null where it changes none that is installed.</summary>
    /// <param name="migrate">Makes the migration a step of its own: the probe's reading before and after does not count.</param>
    public async Task<(ObservedMigration Observed, JobResult? Result)> RunAsync(
        Func<Func<Task<JobResult?>>, Task<JobResult?>> migrate,
        CancellationToken cancellationToken
    )
    {
        await using var probe = await MigrationProbe.BeginAsync(
            home.Postgres,
            Copy,
            DatabaseNames.Migrator(Target.Pool),
            clock,
            cancellationToken
        );
        var files = Files();
        var result = await migrate(async () =>
            Target.Modules.IsEmpty
                ? null
                : await new ForkMigrator(home.Inside).MigrateAsync(
                    new(files.Id, Target.Tenant, Copy, Target.Modules, context.Epoch, files.Files),
                    cancellationToken
                )
        );
        if (File.Exists(files.Files.Log))
        {
            await evidence.CopyAsync(EvidenceFiles.MigrationLog, files.Files.Log, cancellationToken);
        }

        var schema = await SchemaLog.ReadAsync(evidence.PathOf(EvidenceFiles.MigrationLog), cancellationToken);
        return (await probe.EndAsync(Target.Database, schema.Warnings, cancellationToken), result);
    }

    /// <summary>Asks the oracle that cutovers ask.</summary>
    public async Task<MigrationSeen> JudgeAsync(
        Catalogue before,
        ObservedMigration observed,
        JobResult? result,
        CancellationToken cancellationToken
    )
    {
        var after = await CatalogueAsync(before, cancellationToken);
        var expected = ReleaseExpectation.Find(
            new BundleStore(home.Site.Bundles),
            Target.To.Digest,
            Target.Modules,
            before
        );
        var log = await MigrationLog.FindAsync(evidence.PathOf(EvidenceFiles.MigrationLog), cancellationToken);
        var verdict = SuccessOracle.Judge(
            new(Target.Modules, result, log, expected?.Versions, expected?.Scripts ?? [], before, after)
        );
        await evidence.WriteAsync(EvidenceFiles.Oracle, verdict, cancellationToken);
        return new(
            observed,
            verdict,
            before.ViewsFingerprint != after.ViewsFingerprint,
            log is { ScriptsRun.IsEmpty: false }
        );
    }

    public async Task<ImmutableDictionary<string, string?>> FiguresAsync(
        string database,
        CancellationToken cancellationToken
    )
    {
        await using var session = await OpenAsync(database, cancellationToken);
        return await BusinessFigures.ReadAsync(session, cancellationToken);
    }

    private (string Id, JobFiles Files) Files()
    {
        var id = $"{context.Upgrade}-migrate-{context.Epoch}";
        var files = JobFiles.Of(home.Inside, Target.Pool, Target.To.Digest, id);
        return (id, files);
    }

    private Task<PostgresSession> OpenAsync(string database, CancellationToken cancellationToken) =>
        home.Postgres.OpenAsync(database, SitePostgres.Superuser, cancellationToken);
}
