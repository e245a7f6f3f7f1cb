using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Promotion;

/// <summary>A control database of one's own, with releases 1 to 9, and with whatever rollouts a test says there were.</summary>
internal sealed class History : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private int rollouts;

    private History(NpgsqlDataSource database) => Database = database;

    public NpgsqlDataSource Database { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<History> CreateAsync(
        PostgresCluster cluster,
        Action<NpgsqlDataSourceBuilder>? configure = null
    )
    {
        var builder = new NpgsqlDataSourceBuilder(await cluster.ControlDatabaseAsync());
        configure?.Invoke(builder);
        var history = new History(builder.Build());
        for (var number = 1; number <= 9; number++)
        {
            await history.ExecuteAsync(
                "insert into release (name, digest, registered_at, registered_by) values ($1, $2, $3, 'os/0')",
                $"2026.11.{number}",
                Digest(number).Value,
                Noon.AddDays(-10).AddHours(number)
            );
        }

        return history;
    }

    public static ReleaseDigest Digest(int number) => Plans.Digest((char)('0' + number));

    public static ReleaseRef Release(int number) => new($"2026.11.{number}", Digest(number));

    public static PromotionQuestion Question(string environment, int release) =>
        new(new EnvironmentName(environment), Release(release));

    /// <summary>A pool of the environment's name with these tenants on a release.</summary>
    public async Task AddAsync(string environment, int release, params string[] tenants)
    {
        await ExecuteAsync(
            "insert into pool (name, site, environment, hosting, workers) values ($1, 'local', $1, 'shared', 2) on conflict do nothing",
            environment
        );
        await ExecuteAsync(
            """
            insert into tenant (name, pool, database, hosts, time_zone, profile, release)
            select t, $1, replace(t, '-', '_'), array[t || '.example'], 'Europe/Oslo', '{}', $3
              from unnest($2::text[]) as t
            """,
            environment,
            tenants,
            Digest(release).Value
        );
    }

    /// <summary>No tenant and no rollout is left.</summary>
    public Task ForgetAsync() =>
        ExecuteAsync(
            """
            alter table emergency disable trigger user;
            alter table emergency_word disable trigger user;
            truncate upgrade, rollout, tenant, planned_work, promotion_hold cascade;
            alter table emergency enable trigger user;
            alter table emergency_word enable trigger user
            """
        );

    /// <summary>A rollout that has ended, with the endings of its tenants; those that arrived run the release from then on.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> RolledOutAsync(
        string environment,
        int release,
        DateTimeOffset at,
        string outcome,
        params (string Tenant, string Ending)[] tenants
    )
    {
        var id = $"r-{++rollouts}";
        await ExecuteAsync(
            """
            insert into rollout (id, environment, release_name, release_digest, plan_hash, policy, excluded, state, outcome,
                                 reason, started_by, created_at, ended_at, due_at)
            values ($1, $2, $3, $4, 'x', '{}', '[]', 'ended', $5, $6, 'os/0', $7, $7, $7)
            """,
            id,
            environment,
            $"2026.11.{release}",
            Digest(release).Value,
            outcome,
            outcome is "completed" ? null : "t1: the prices differ",
            at
        );
        await UpgradesAsync(id, release, at, tenants);
        return id;
    }

    /// <summary>A rollout that runs, with tenants under way.</summary>
    public async Task<string> RunsAsync(string environment, int release, DateTimeOffset at, params string[] tenants)
    {
        var id = $"r-{++rollouts}";
        await ExecuteAsync(
            """
            insert into rollout (id, environment, release_name, release_digest, plan_hash, policy, excluded, started_by,
                                 created_at, due_at)
            values ($1, $2, $3, $4, 'x', '{}', '[]', 'os/0', $5, $5)
            """,
            id,
            environment,
            $"2026.11.{release}",
            Digest(release).Value,
            at
        );
        await UpgradesAsync(id, release, at, [.. tenants.Select(tenant => (tenant, ""))]);
        return id;
    }

    /// <summary>What git asks: the planned work and the terms of an environment.</summary>
    public async Task AskAsync(
        string environment,
        int release,
        TimeSpan soak = default,
        EnvironmentPolicy? policy = null,
        params string[] upstream
    )
    {
        await new EnvironmentTermsStore(Database).ApplyAsync(
            [
                new EnvironmentTerms(
                    new EnvironmentName(environment),
                    Release(release),
                    [.. upstream.Select(name => new EnvironmentName(name))],
                    soak,
                    policy ?? EnvironmentPolicy.Default,
                    new string('c', 40),
                    "Ann Lee <ann@example.com>",
                    Noon
                ),
            ],
            [],
            Token
        );
        await new PlannedWorkStore(Database).AskAsync(
            [
                new AskedRelease(
                    new EnvironmentName(environment),
                    Release(release),
                    new string('c', 40),
                    "Ann Lee <ann@example.com>"
                ),
            ],
            Noon,
            Token
        );
    }

    public async Task ExecuteAsync(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(Token);
    }

    /// <summary>The first column of what the database answers, as text.</summary>
    public async Task<string[]> TextsAsync(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var texts = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            texts.Add(reader.GetString(0));
        }

        return [.. texts];
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    private async Task UpgradesAsync(
        string rollout,
        int release,
        DateTimeOffset at,
        IReadOnlyList<(string Tenant, string Ending)> tenants
    )
    {
        await ExecuteAsync(
            """
            insert into upgrade (id, rollout, tenant, site, wave, ordinal, target, steps, back, mode, predicted_hold,
                                 checkpoint_bytes, due_at, state, ending, ended_at)
            select $1 || '/' || t.tenant, $1, t.tenant, 'local', 1, t.place, '{}', '[]', '[]', 'held', interval '1 s', 1, $4,
                   case t.ending when '' then 'forward' else 'ended' end, nullif(t.ending, ''),
                   case t.ending when '' then null else $4 end
              from unnest($2::text[], $3::text[]) with ordinality as t (tenant, ending, place)
            """,
            rollout,
            tenants.Select(each => each.Tenant).ToArray(),
            tenants.Select(each => each.Ending).ToArray(),
            at
        );
        await ExecuteAsync(
            "update tenant set release = $2 where name = any($1)",
            tenants
                .Where(each => each.Ending.StartsWith("completed", StringComparison.Ordinal))
                .Select(each => each.Tenant)
                .ToArray(),
            Digest(release).Value
        );
    }

    private NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = Database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(
                value switch
                {
                    null => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                    DateTimeOffset instant => new NpgsqlParameter { Value = instant.UtcDateTime },
                    _ => new NpgsqlParameter { Value = value },
                }
            );
        }

        return command;
    }
}
