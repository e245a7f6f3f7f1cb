using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Finds to whom belongs what a request names. What is not known may be anybody's: it is everything.</summary>
public sealed class TargetStore(NpgsqlDataSource database)
{
    public async Task<AccessTarget> FindAsync(
        ImmutableArray<AccessSubject> subjects,
        CancellationToken cancellationToken
    )
    {
        var parts = ImmutableArray.CreateBuilder<TargetPart>();
        foreach (var subject in subjects)
        {
            if (subject.Kind is not SubjectKind.NoShop)
            {
                parts.Add(await FindAsync(subject, cancellationToken));
            }
        }

        return new(parts.ToImmutable());
    }

    /// <summary>Every environment and every tenant, each by itself, read with one query however many there are.</summary>
    public async Task<ImmutableArray<TargetPart>> FleetAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            with place as materialized (
                select e.name, {IsProduction} as is_production
                  from (select environment from pool union select environment from environment_terms) as e (name)
            )
            select place.name, place.is_production, t.name, t.tags
              from place left join (pool p join tenant t on t.pool = p.name) on p.environment = place.name
             order by place.name
            """
        );
        var parts = ImmutableArray.CreateBuilder<TargetPart>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (environment, isProduction) = (reader.GetString(0), reader.GetBoolean(1));
            if (parts.Count == 0 || parts[^1].Environment != environment)
            {
                parts.Add(new(environment, null, [], isProduction));
            }

            if (!reader.IsDBNull(2))
            {
                parts.Add(new(environment, reader.GetString(2), [.. reader.GetFieldValue<string[]>(3)], isProduction));
            }
        }

        return parts.ToImmutable();
    }

    private Task<TargetPart> FindAsync(AccessSubject subject, CancellationToken cancellationToken) =>
        subject.Kind switch
        {
            SubjectKind.Everything or SubjectKind.NoShop => Task.FromResult(TargetPart.Everything),
            SubjectKind.Environment => EnvironmentAsync("select $1", subject, cancellationToken),
            SubjectKind.Pool => EnvironmentAsync(
                "select environment from pool where name = $1",
                subject,
                cancellationToken
            ),
            SubjectKind.Rollout => EnvironmentAsync(
                "select environment from rollout where id = $1",
                subject,
                cancellationToken
            ),
            SubjectKind.Tenant => TenantAsync("select $1", subject, cancellationToken),
            SubjectKind.Copy => TenantAsync("select tenant from data_copy where id = $1", subject, cancellationToken),
            SubjectKind.Checkpoint => TenantAsync(
                "select tenant from upgrade where id = $1",
                subject,
                cancellationToken
            ),
            SubjectKind.TenantBackup => TenantAsync(
                "select tenant from tenant_backup where id = $1",
                subject,
                cancellationToken
            ),
            SubjectKind.Rehearsal => TenantAsync(
                "select tenant from rehearsal where id = $1",
                subject,
                cancellationToken
            ),
            SubjectKind.Approval => EnvironmentAsync(
                "select environment from approval where id = $1",
                subject,
                cancellationToken
            ),
            SubjectKind.Emergency => EnvironmentAsync(
                "select environment from emergency where id = $1",
                subject,
                cancellationToken
            ),
            SubjectKind.Drill => TenantAsync("select tenant from drill where id = $1", subject, cancellationToken),
            // A site may have a tenant's name: its jobs are not the tenant's.
            SubjectKind.Job => TenantAsync(
                "select subject from job where id = $1 and not exists (select from site where name = subject)",
                subject,
                cancellationToken
            ),
        };

    /// <param name="query">Answers with the environment's name, or nothing.</param>
    private async Task<TargetPart> EnvironmentAsync(
        string query,
        AccessSubject subject,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            $"select e.name, {IsProduction} from ({query}) as e (name) where e.name is not null"
        );
        command.Bind(subject.Name ?? "");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetString(0), null, [], reader.GetBoolean(1))
            : TargetPart.Everything;
    }

    /// <param name="query">Answers with the tenant's name, or nothing.</param>
    private async Task<TargetPart> TenantAsync(string query, AccessSubject subject, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            select e.name, t.name, {IsProduction}, t.tags
              from ({query}) as q (name) join tenant t on t.name = q.name
              join pool p on p.name = t.pool cross join lateral (select p.environment) as e (name)
            """
        );
        command.Bind(subject.Name ?? "");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetString(0),
                reader.GetString(1),
                [.. reader.GetFieldValue<string[]>(3)],
                reader.GetBoolean(2)
            )
            : TargetPart.Everything;
    }

    /// <summary>A proving ground is named in git as what another environment comes after, and comes after none itself.</summary>
    private const string IsProduction = """
        (not exists (select from environment_terms o where o.environment <> e.name and e.name = any(o.upstream))
         or exists (select from environment_terms o where o.environment = e.name and cardinality(o.upstream) > 0))
        """;
}
