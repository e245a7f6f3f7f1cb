using System.Text.Json;
using Tidegate.Contracts;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Promotion;

/// <summary>A control plane that promotes, with staging (s1, s2) and production (t1 to t3) on 2026.11.1; a test asks for releases as a commit would.</summary>
internal sealed class PromotionPlane(ScriptedControlPlane plane) : IAsyncDisposable
{
    public const string Author = "Ann Lee <ann@example.com>";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ScriptedControlPlane Plane => plane;

    public static string Commit { get; } = new('c', 40);

    public static async Task<PromotionPlane> StartAsync(PostgresCluster cluster)
    {
        var plane = await ScriptedControlPlane.StartAsync(cluster);
        var staging = new FleetDocument(
            [new PoolDocument("staging", "local", "staging", "shared", Workers: 2)],
            [
                .. new[] { "s1", "s2" }.Select(name => new TenantDocument(
                    name,
                    "staging",
                    $"db_{name}",
                    [$"{name}.example"],
                    "Europe/Oslo",
                    "admin",
                    "journey",
                    "2026.11.1"
                )),
            ]
        );
        var file = Path.Combine(plane.Home, "staging.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(staging, ApiJson.Options), Token);
        var applied = await plane.RunAsync("fleet", "apply", "--file", file);
        Assert.True(applied.Exit == 0, applied.Error);
        return new PromotionPlane(plane);
    }

    /// <summary>What a commit says of an environment.</summary>
    public static EnvironmentTerms Terms(
        string environment,
        int release,
        EnvironmentPolicy? policy = null,
        TimeSpan soak = default,
        params string[] upstream
    ) =>
        new(
            new EnvironmentName(environment),
            new ReleaseRef($"2026.11.{release}", Plans.Digest((char)('0' + release))),
            [.. upstream.Select(name => new EnvironmentName(name))],
            soak,
            policy ?? EnvironmentPolicy.Default,
            Commit,
            Author,
            Plans.Start
        );

    /// <summary>Takes a commit, in one transaction.</summary>
    public async Task AskAsync(params EnvironmentTerms[] terms)
    {
        await using var connection = await plane.Database.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await EnvironmentTermsStore.ApplyAsync(connection, terms, [], Token);
        await PlannedWorkStore.AskAsync(
            connection,
            [.. terms.Select(each => new AskedRelease(each.Environment, each.Release!, each.Commit, each.Author))],
            TimeProvider.System.GetUtcNow(),
            Token
        );
        await transaction.CommitAsync(Token);
    }

    /// <summary>Until the newest work of an environment is in that state.</summary>
    public Task UntilAsync(string environment, string state) =>
        plane.UntilQueryAsync(
            $"select state from planned_work where environment = '{environment}' order by id desc limit 1",
            state
        );

    /// <summary>Until exactly these codes block promotion into an environment.</summary>
    public Task UntilBlockedAsync(string environment, string codes) =>
        plane.UntilQueryAsync(
            $"select coalesce(string_agg(code, ' ' order by code), '') from blocker where owner = 'promotion/{environment}'",
            codes
        );

    /// <summary>Environment, release and outcome of every rollout, in the order in which they began.</summary>
    public Task<string[]> RolloutsAsync() =>
        plane.QueryAsync(
            "select environment || ' ' || release_name || ' ' || coalesce(outcome, state) from rollout order by created_at, id"
        );

    public ValueTask DisposeAsync() => plane.DisposeAsync();
}
