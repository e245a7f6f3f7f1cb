using System.Collections.Immutable;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>Gives a tenant's database back to the site; then, in one transaction that is compared before it is committed, to its serving generation, and takes it from everybody else.</summary>
public sealed class RestoreRightsHandler(SitePostgres site) : IStepHandler<RestoreRights>
{
    public Task<StepOutcome> RunAsync(RestoreRights step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(
            site,
            context,
            session => RestoreAsync(session, context, cancellationToken),
            cancellationToken
        );

    private async Task<StepOutcome> RestoreAsync(
        FencedSession session,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var expected = ExpectedTenant.Of(context.Target);
        var found = await LiveRights.FindAsync(session.Postgres, expected.Database, cancellationToken);
        if (found is null)
        {
            return new StepOutcome.Failed(
                $"Database {expected.Database} does not exist on the site. Restore it, or correct the tenant."
            );
        }

        var before = RightsComparison.Of(expected, found).ToImmutableArray();
        if (!before.IsEmpty)
        {
            await new PoolRoles(site).EnsureGenerationAsync(expected.Pool, expected.Release, cancellationToken);
            if (before.Any(difference => difference.Code == DriftCode.DatabaseOwner))
            {
                await TakeBackAsync(expected, cancellationToken);
            }

            if (await ChangeAsync(session, expected, cancellationToken) is { } left)
            {
                return new StepOutcome.Failed(left);
            }
        }

        // Whoever was let in by what is taken now is still connected, also when it was taken by an attempt that was cut.
        var ended = await EndUninvitedAsync(session.Postgres, expected.Database, cancellationToken);
        return new StepOutcome.Done(
            before.IsEmpty
                ? $"rights on database {expected.Database} are as they should be; {ended} sessions ended"
                : $"put right: {string.Join("; ", before.Select(difference => difference.Item))}; {ended} sessions ended"
        );
    }

    /// <summary>
    /// What belongs to somebody else the site's role cannot take back, and a successor could not end a superuser's session:
    /// so it does this one statement and is in no transaction. That a tenant's database is the site's is right under
    /// every epoch.
    /// </summary>
    private async Task TakeBackAsync(ExpectedTenant expected, CancellationToken cancellationToken)
    {
        await using var superuser = await site.OpenAsync(
            SitePostgres.Maintenance,
            SitePostgres.Superuser,
            cancellationToken
        );
        await superuser.ExecuteAsync(
            $"ALTER DATABASE {Sql.Name(expected.Database)} OWNER TO {DatabaseNames.SiteRole}",
            cancellationToken
        );
    }

    /// <returns>Null, or one sentence: what would still differ. Nothing was changed then.</returns>
    private static async Task<string?> ChangeAsync(
        FencedSession session,
        ExpectedTenant expected,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await session.InTransactionAsync(
                async postgres =>
                {
                    // Read again: a change of the owner moves rights along.
                    var now = await LiveRights.FindAsync(postgres, expected.Database, cancellationToken);
                    await postgres.ExecuteAllAsync(Statements(expected, now!), cancellationToken);
                    var after = await LiveRights.FindAsync(postgres, expected.Database, cancellationToken);
                    return RightsComparison.Of(expected, after).ToList() is { Count: > 0 } left
                        ? throw new NotRestoredException(
                            $"Database {expected.Database} would still differ: {string.Join("; ", left.Select(difference => difference.Item))}. Nothing was changed; put it right as PostgreSQL's superuser."
                        )
                        : (string?)null;
                },
                cancellationToken
            );
        }
        catch (NotRestoredException left)
        {
            return left.Message; // thrown so that the transaction is rolled back
        }
    }

    private static IEnumerable<string> Statements(ExpectedTenant expected, LiveDatabase found)
    {
        var database = Sql.Name(expected.Database);
        var extra = RightsComparison.Of(expected, found).ToLookup(difference => difference.Code);
        return
        [
            $"ALTER DATABASE {database} WITH IS_TEMPLATE false ALLOW_CONNECTIONS true",
            .. extra[DriftCode.RightExtra]
                .Select(difference => RightsComparison.RoleOf(difference.Item))
                .Distinct(StringComparer.Ordinal)
                .Select(role =>
                    role is "PUBLIC"
                        ? $"REVOKE CONNECT ON DATABASE {database} FROM PUBLIC"
                        : $"REVOKE {(DatabaseNames.IsPoolRole(role) ? "ALL" : "CONNECT")} ON DATABASE {database} FROM {Sql.Name(role)} CASCADE"
                ),
            .. extra[DriftCode.MemberExtra]
                .Select(difference => difference.Item[..difference.Item.LastIndexOf(" in ", StringComparison.Ordinal)])
                .Select(role => $"REVOKE {Sql.Name(expected.OwnerRole)} FROM {Sql.Name(role)} CASCADE"),
            .. extra[DriftCode.RoleSetting]
                .Select(difference => RightsComparison.RoleOf(difference.Item))
                .Select(role => $"ALTER ROLE {Sql.Name(role)} IN DATABASE {database} RESET ALL"),
            .. TenantRights.Give(expected.Database, expected.OwnerRole, expected.GenerationRole),
        ];
    }

    /// <summary>Ends sessions of roles that could not connect now; not those of superusers.</summary>
    private static Task<long> EndUninvitedAsync(
        PostgresSession session,
        string database,
        CancellationToken cancellationToken
    ) =>
        session.ScalarAsync<long>(
            """
            select count(pg_terminate_backend(a.pid))
              from pg_stat_activity a join pg_roles r on r.oid = a.usesysid
             where a.datname = $1 and not r.rolsuper and a.pid <> pg_backend_pid()
               and not has_database_privilege(a.usesysid, a.datid, 'CONNECT')
            """,
            [database],
            cancellationToken
        );

    private sealed class NotRestoredException(string what) : Exception(what);
}
