using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.Contracts;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Checkpoints;
using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Promotion;

namespace Tidegate.IntegrationTests.Accounts;

/// <summary>
/// A fleet of two environments, with something of every kind in each. All that is in the south is called something with
/// <c>zebra</c>; in the north, what belongs to the environment or to its other shop is called something with
/// <c>walrus</c>, so that a shop with tags of its own is left.
/// </summary>
internal sealed class TwoParts(AccessHome home, string administrator) : IAsyncDisposable
{
    public const string North = "north";
    public const string South = "zebra-south";

    /// <summary>A name of the south in every kind of route.</summary>
    public static readonly ImmutableArray<string> OfSouth =
    [
        South,
        "zebra-shop",
        "zebra-pool",
        "r-zebra",
        "u-zebra",
        "a-zebra",
        "e-zebra",
        "j-zebra",
        "k-zebra",
        "b-zebra",
        "h-zebra",
        "d-zebra",
    ];

    /// <summary>Lists that show something of every part to who may see everything.</summary>
    public static readonly ImmutableArray<string> Lists =
    [
        "/api/approvals",
        "/api/blockers",
        "/api/checkpoints",
        "/api/copies",
        "/api/drift",
        "/api/drills",
        "/api/emergencies",
        "/api/jobs",
        "/api/promotions",
        "/api/rehearsals",
        "/api/rollouts",
        "/api/tenant-backups",
        "/api/tenants",
    ];

    public AccessHome Home => home;

    public string Administrator => administrator;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<TwoParts> StartAsync(PostgresCluster cluster)
    {
        var home = await AccessHome.StartAsync(cluster);
        var parts = new TwoParts(home, await home.AdministratorAsync());
        await parts.ApplyAsync(("north-pool", North, "vip-shop"), ("north-pool", North, "walrus-shop"));
        await parts.ApplyAsync(("zebra-pool", South, "zebra-shop"), ("zebra-pool", South, "zebra-second"));
        await home.Plane.QueryAsync("update tenant set tags = '{vip,oslo}' where name = 'vip-shop'");
        await home.Plane.QueryAsync("update tenant set tags = '{oslo}' where name like 'zebra-%'");
        // What is nobody's in particular is called by the names of all.
        await home.Plane.QueryAsync(
            """
            insert into blocker (owner, subject, code, what, since, clears, next)
            select 'test', subject, 'test', 'the zebra and the walrus of ' || subject, now(), 'nobody', 'wait'
              from unnest(array['site/local', 'source/fleet', 'objective/zebra-walrus', 'tenant/zebra-walrus-gone']) s (subject)
            """
        );
        await home.Plane.QueryAsync(
            """
            insert into job (id, site, kind, subject, payload, actor, reason, created_at, due_at, ended_at, state, outcome)
            values ('j-site', 'local', 'backup', 'local', '{}', 'test', 'zebra and walrus', now(), now(), now(), 'ended', 'done')
            """
        );
        await parts.FillAsync("zebra", South, "zebra-pool", "zebra-shop");
        await parts.FillAsync("walrus", North, "north-pool", "walrus-shop");
        await parts.FillShopAsync("own", "vip-shop");
        return parts;
    }

    public ValueTask DisposeAsync() => home.DisposeAsync();

    /// <summary>A service account whose grants are these, each an operator's; its token's file.</summary>
    public Task<string> OperatorAsync(string name, params string[] where) =>
        home.ServiceAsync(name, administrator, ["--role", "operator", .. where]);

    public async Task<(HttpStatusCode Status, string Body, bool IsPart)> GetAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", (await File.ReadAllTextAsync(token, Token)).Trim());
        using var response = await home.Plane.SendAsync(request);
        return (
            response.StatusCode,
            await response.Content.ReadAsStringAsync(Token),
            response.Headers.Contains(ApiHeaders.Shown)
        );
    }

    /// <summary>Every route that reads, as it is without names.</summary>
    public IEnumerable<RouteEndpoint> Reading() =>
        AccessTests
            .Routes(home)
            .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET"));

    private async Task ApplyAsync(params (string Pool, string Environment, string Name)[] tenants)
    {
        var fleet = new FleetDocument(
            [
                .. tenants
                    .Select(tenant => (tenant.Pool, tenant.Environment))
                    .Distinct()
                    .Select(pool => new PoolDocument(pool.Pool, "local", pool.Environment, "shared", Workers: 2)),
            ],
            [
                .. tenants.Select(tenant => new TenantDocument(
                    tenant.Name,
                    tenant.Pool,
                    tenant.Name.Replace('-', '_'),
                    [$"{tenant.Name}.example"],
                    "Europe/Oslo",
                    "admin",
                    "journey",
                    "2026.11.1"
                )),
            ]
        );
        var file = Path.Join(home.Plane.Home, $"{tenants[0].Pool}.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(fleet, ApiJson.Options), Token);
        await home.Plane.SucceedAsync("fleet", "apply", "--file", file);
    }

    /// <summary>Something of every kind that belongs to an environment or to a tenant.</summary>
    private async Task FillAsync(string name, string environment, string pool, string tenant)
    {
        await home
            .Plane.Services.GetRequiredService<EnvironmentTermsStore>()
            .ApplyAsync([PromotionPlane.Terms(environment, 2) with { Release = null }], [], Token);
        string[] values = [name, environment, pool, tenant];
        foreach (
            var statement in new[]
            {
                """
                    insert into rollout (id, environment, release_name, release_digest, plan_hash, policy, excluded, state,
                                         outcome, reason, started_by, created_at, ended_at, due_at)
                    select 'r-' || $1, $2, r.name, r.digest, 'sha256:' || $1, '{}', '[]', 'ended', 'completed', 'of ' || $1,
                           'person/' || $1, now(), now(), now()
                      from release r where r.name = '2026.11.2' and $3 <> $4
                    """,
                """
                    insert into approval (id, environment, release_name, release_digest, plan_hash, targets, policy, request,
                                          start_kind, plan, asked_at, loss_limit)
                    select 'a-' || $1, $2, r.name, r.digest, 'sha256:' || $1, $1, 'p', jsonb_build_object('release', r.name, 'environment', $2),
                           'Manual', jsonb_build_object('hash', 'sha256:' || $1, 'release', r.name, 'digest', r.digest, 'environment', $2,
                                                        'policyVersion', 'p', 'waves', '[]'::jsonb, 'excluded', '[]'::jsonb), now(), 0
                      from release r where r.name = '2026.11.2' and $3 <> $4
                    """,
                """
                    insert into emergency (id, environment, release_name, release_digest, rollout, by, reason, overrides, at, expires)
                    select 'e-' || $1, $2, r.name, r.digest, 'r-' || $1, 'person/' || $1, 'of ' || $1, '{}', now(), now() + interval '1 hour'
                      from release r where r.name = '2026.11.2' and $3 <> $4
                    """,
                """
                    insert into planned_work (environment, release_name, release_digest, commit, author, requested_at, wake_at)
                    select $2, r.name, r.digest, case $1 when 'zebra' then 'dead0000beef' else 'cafe0000beef' end, $1, now(),
                           now() + interval '1 year'
                      from release r where r.name = '2026.11.2' and $3 <> $4
                    """,
                """
                    insert into blocker (owner, subject, code, what, since, clears, next)
                    select 'test', subject, 'test', 'of ' || $1, now(), 'nobody', 'wait'
                      from unnest(array['environment/' || $2, 'pool/' || $3, 'rollout/r-' || $1, 'generation/' || $3 || '-1']) s (subject)
                     where $4 <> ''
                    """,
                """
                    insert into drift (site, subject, aspect, code, item, environment, expected, found, cause, first_seen, last_seen)
                    select 'local', 'generation/' || $3 || '-1', 'generation', 'database-missing', 'x', $2, 'a', $1, 'manual', now(), now()
                     where $4 <> ''
                    """,
                """
                    insert into upgrade (id, rollout, tenant, site, wave, ordinal, target, steps, back, mode, predicted_hold,
                                         checkpoint_bytes, due_at, state, ending, ended_at)
                    select 'u-' || $1, 'r-' || $1, $4, 'local', 1, 1,
                           jsonb_build_object('pool', $3, 'environment', $2, 'to', jsonb_build_object('name', '2026.11.2'),
                                              'from', jsonb_build_object('name', '2026.11.1', 'digest', 'sha256:1'), 'hosts', '[]'::jsonb),
                           '[]', '[]', 'held', '1 second', 0, now(), 'ended', 'completed', now()
                    """,
            }
        )
        {
            await home.Plane.QueryAsync(statement, values);
        }

        var upgrade = new UpgradeId($"u-{name}");
        home.Plane.Script.Checkpoints[upgrade] = new KeptCheckpoint(
            upgrade,
            new TenantName(tenant),
            tenant,
            $"{tenant}__kept",
            1,
            DateTimeOffset.UnixEpoch
        );
        await FillShopAsync(name, tenant);
    }

    /// <summary>Something of every kind that belongs to a tenant alone.</summary>
    private async Task FillShopAsync(string name, string tenant)
    {
        foreach (
            var statement in new[]
            {
                """
                    insert into blocker (owner, subject, code, what, since, clears, next)
                    values ('test', 'tenant/' || $2, 'test', 'of ' || $1, now(), 'nobody', 'wait')
                    """,
                """
                    insert into job (id, site, kind, subject, payload, actor, reason, created_at, due_at, ended_at, state, outcome)
                    values ('j-' || $1, 'local', 'tenant-backup', $2, '{}', 'test', 'of ' || $1, now(), now(), now(), 'ended', 'done')
                    """,
                """
                    insert into data_copy (id, kind, tenant, site, owner, purpose, database, bytes, is_masked, made_at, expires_at)
                    values ('k-' || $1, 'export', $2, 'local', 'test', 'of ' || $1, $2 || '__copy', 1, true, now(), now() + interval '1 year')
                    """,
                """
                    insert into tenant_backup (id, tenant, site, job, kept, keep_until, taken_at, release, manifest, manifest_sha256, is_encrypted,
                                               database_bytes, dump_bytes, files, file_bytes, new_bytes, faults)
                    values ('b-' || $1, $2, 'local', 'j-' || $1, 'manual', now() + interval '1 year', now(), '2026.11.1', 'm/' || $1, $1, false,
                            1, 1, 1, 1, 1, 0)
                    """,
                """
                    insert into rehearsal (id, tenant, site, from_release, from_digest, to_release, to_digest, modules_fingerprint, backup,
                                           is_backup, data_at, started_at, ended_at, passed, reason, record)
                    select 'h-' || $1, $2, 'local', f.name, f.digest, t.name, t.digest, 'm', 'of ' || $1, true, now(), now(), now(), true,
                           'of ' || $1, '{}'
                      from release f, release t where f.name = '2026.11.1' and t.name = '2026.11.2'
                    """,
                """
                    insert into drift (site, subject, aspect, code, item, environment, expected, found, cause, first_seen, last_seen)
                    select 'local', 'tenant/' || t.name, 'rights', 'database-missing', 'x', p.environment, 'a', $1, 'manual', now(), now()
                      from tenant t join pool p on p.name = t.pool where t.name = $2
                    """,
            }
        )
        {
            await home.Plane.QueryAsync(statement, name, tenant);
        }

        var now = TimeProvider.System.GetUtcNow();
        await home
            .Plane.Services.GetRequiredService<DrillStore>()
            .RecordAsync(
                new(
                    new DrillId($"d-{name}"),
                    DrillScenario.FailedApplicationRelease,
                    new SiteName("local"),
                    new TenantName(tenant),
                    now,
                    now,
                    [],
                    DrillMeasurement.Nothing,
                    new(GateVerdict.Pass, [], []),
                    Failure: null
                ),
                new string('0', 64),
                "test",
                Token
            );
    }
}
