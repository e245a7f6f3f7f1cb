using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Drills;

/// <summary>Drills that were played to an end, in PostgreSQL.</summary>
public sealed class DrillStore(NpgsqlDataSource database)
{
    /// <summary>Keeps a drill, with its ledger entry. Again changes nothing.</summary>
    /// <param name="report">The report's place in the object store: its SHA-256.</param>
    public async Task RecordAsync(DrillResult drill, string report, string actor, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with added as (
                insert into drill (id, site, scenario, tenant, started_at, ended_at, verdict, result, report)
                values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)
                on conflict (id) do nothing
                returning id
            )
            insert into ledger (at, kind, actor, tenant, step, digest, reason)
            select $6, 'outcome', $10, $4, 'drill', $9, $11 from added
            """
        );
        command.Bind(
            drill.Id.Value,
            drill.Site.Value,
            drill.Scenario.Word(),
            drill.Tenant?.Value,
            drill.StartedAt.ToUniversalTime(),
            drill.EndedAt.ToUniversalTime(),
            DrillReport.Word(drill.Judgement.Verdict),
            StoredJson.Write(drill),
            report,
            actor,
            Entry(drill)
        );
        command.Parameters[3].NpgsqlDbType = NpgsqlDbType.Text;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The newest first.</summary>
    /// <param name="scenario">Null for every one.</param>
    /// <param name="visible">Only those that were played with these tenants; one of a site is nobody's in particular.</param>
    public Task<IReadOnlyList<StoredDrill>> ListAsync(
        DrillScenario? scenario,
        Visible visible,
        int most,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            """
            where ($1::text is null or scenario = $1) and ($3::text[] is null or tenant = any($3))
            order by ended_at desc, id limit $2
            """,
            cancellationToken,
            scenario?.Word(),
            most,
            visible.Tenants
        );

    /// <summary>Null when there is none of that id.</summary>
    public async Task<StoredDrill?> FindAsync(DrillId id, CancellationToken cancellationToken) =>
        await ReadAsync("where id = $1", cancellationToken, id.Value) is [var drill] ? drill : null;

    /// <summary>Of each scenario, site and tenant the newest.</summary>
    public Task<IReadOnlyList<StoredDrill>> NewestAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            """
            where id in (select distinct on (scenario, site, tenant) id from drill
                          order by scenario, site, tenant, ended_at desc)
            order by ended_at desc, id
            """,
            cancellationToken
        );

    private async Task<IReadOnlyList<StoredDrill>> ReadAsync(
        string tail,
        CancellationToken cancellationToken,
        params IEnumerable<object?> values
    )
    {
        await using var command = database.CreateCommand($"select result, report from drill {tail}");
        command.Bind(values);
        var all = new List<StoredDrill>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            all.Add(new(StoredJson.Read<DrillResult>(row.GetString(0)), row.GetString(1)));
        }

        return all;
    }

    private static string Entry(DrillResult drill) =>
        $"{drill.Id} {drill.Scenario.Word()}: {DrillReport.Word(drill.Judgement.Verdict)}, recovery time {DrillText.Duration(drill.Measured.RecoveryTime)}, recovery point {DrillText.Duration(drill.Measured.RecoveryPoint)}";
}

/// <param name="Report">The SHA-256 of its report in the object store.</param>
public sealed record StoredDrill(DrillResult Drill, string Report);
