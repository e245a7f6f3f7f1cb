using System.Net;
using Tidegate.Contracts.Drift;
using Tidegate.Demo.Story;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;
using Tidegate.OdooTests.Cutover;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Drift;

/// <summary>A real site: nothing is found where nothing was changed, what hands change is named, healed, and then gone.</summary>
[Trait("Length", "long")]
public sealed class LiveDriftTests(OwnSite site) : IClassFixture<OwnSite>
{
    private static readonly string[] Healable =
    [
        "bridge-list",
        "generation-option",
        "generation-stale",
        "right-extra",
        "role-setting",
        "route-hosts",
    ];

    private static readonly string[] OthersWork = ["module-version", "release-tree"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_differs_until_hands_change_it_and_nothing_after_it_was_healed()
    {
        await FindsAsync();
        var moved = await site.EndAsync(await site.StartAsync(await site.NextReleaseAsync()));
        Assert.Equal("completed", moved.Outcome);
        await FindsAsync();

        var generation = await Generation.ServingAsync(site);
        var added = await MessAsync(generation);
        await FindsAsync([.. Healable, .. OthersWork]);

        await HealAsync();
        await FindsAsync(OthersWork);

        File.Delete(added);
        await ExecuteAsync(
            WholeSite.Database,
            "update ir_module_module set latest_version = $1 where name = 'sale'",
            Version
        );
        await FindsAsync();
    }

    private string Version { get; set; } = "";

    /// <summary>A file that was added to the release.</summary>
    private async Task<string> MessAsync(Generation generation)
    {
        await File.WriteAllTextAsync(
            generation.Configuration,
            (await File.ReadAllTextAsync(generation.Configuration, Token)).Replace(
                "limit_time_cpu = 120",
                "limit_time_cpu = 77",
                StringComparison.Ordinal
            ),
            Token
        );
        await site.KillAsync(generation.WebName);
        await Eventually.IsTrueAsync(
            async () => site.PidOf(generation.WebName) is not null && await VisitAsync() is HttpStatusCode.OK,
            "the supervisor starts it again and leads the shop there"
        );
        Version = (
            await site.ScalarAsync(
                WholeSite.Database,
                "select latest_version from ir_module_module where name = 'sale'"
            )
        )!;
        await ExecuteAsync(
            WholeSite.Database,
            "update ir_module_module set latest_version = '19.0.9.9' where name = 'sale'"
        );
        await ExecuteAsync("postgres", "create role intern login");
        await ExecuteAsync("postgres", $"grant connect on database \"{WholeSite.Database}\" to intern");
        await ExecuteAsync(
            "postgres",
            $"alter role \"{generation.Role}\" in database \"{WholeSite.Database}\" set work_mem to '5MB'"
        );
        var lists = Path.Combine(Path.GetDirectoryName(generation.Configuration)!, "tenants.json");
        await File.WriteAllTextAsync(
            lists,
            (await File.ReadAllTextAsync(lists, Token)).Replace(
                $"\"cron\":[\"{WholeSite.Database}\"]",
                "\"cron\":[]",
                StringComparison.Ordinal
            ),
            Token
        );
        using (var gateway = new GatewayClient(site.Layout.GatewaySocket))
        {
            var status = Assert.Single(await gateway.ListAsync(Token));
            await gateway.RouteAsync(
                new(status.Tenant),
                status.Route with
                {
                    Hosts = [.. status.Route.Hosts, "intern.localhost"],
                },
                Token
            );
        }

        var digest = await site.ScalarAsync(DatabaseNames.ControlDatabase, "select release from tenant");
        var added = Path.Combine(
            new ControlPlane.Catalog.BundleStore(site.Layout.Bundles).TreeOf(new(digest!)),
            "intern.py"
        );
        await File.WriteAllTextAsync(added, "print('hello')\n", Token);
        return added;
    }

    /// <summary>Heals all of the environment while a customer comes again and again: everybody is answered.</summary>
    private async Task HealAsync()
    {
        using var client = site.Client();
        var healing = await client.PostAsync<HealDriftOrder, HealingView>(
            "/api/drift/heal",
            new(null, StoryFleet.Production, "hands off"),
            Token
        );
        Assert.Equal(OthersWork, healing.Left.Select(left => left.Code).Order(StringComparer.Ordinal));
        var started = Assert.Single(healing.Healings);
        Assert.Equal(["restore-rights", "restart-generation", "restore-route"], Assert.Single(started.Tenants).Steps);

        using var visits = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var visiting = VisitAgainAsync(visits.Token);
        var ended = await site.EndAsync(started.Id);
        await visits.CancelAsync();
        foreach (var step in ended.Tenants[0].Steps)
        {
            TestContext.Current.SendDiagnosticMessage($"{step.Kind} {step.Seconds:0.00} s: {step.Summary}");
        }

        Assert.Equal(("completed", null), (ended.Outcome, ended.Reason));
        var answers = await visiting;
        TestContext.Current.SendDiagnosticMessage($"{answers.Count} visits");
        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
    }

    private async Task<List<HttpStatusCode>> VisitAgainAsync(CancellationToken until)
    {
        var answers = new List<HttpStatusCode>();
        while (!until.IsCancellationRequested)
        {
            answers.Add(await VisitAsync());
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        }

        return answers;
    }

    private async Task<HttpStatusCode> VisitAsync()
    {
        using var browser = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri($"http://127.0.0.1:{site.GatewayPort}/web/login")
        );
        request.Headers.Host = WholeSite.Host;
        using var answer = await browser.SendAsync(request, Token);
        return answer.StatusCode;
    }

    private async Task FindsAsync(params IReadOnlyCollection<string> codes)
    {
        using var client = site.Client();
        var check = await client.PostAsync<CheckDriftOrder, CheckedSites>(
            "/api/drift/check",
            new(null, Wait: true),
            Token
        );
        var view = await client.GetAsync<DriftView>("/api/drift", Token);
        foreach (var difference in view.Differences)
        {
            TestContext.Current.SendDiagnosticMessage(
                $"{difference.Subject} {difference.Code} {difference.Item}: - {difference.Expected} + {difference.Found}"
            );
        }

        TestContext.Current.SendDiagnosticMessage($"checked in {view.Checks[0].Seconds:0.000} s");
        Assert.Equal(
            codes.Order(StringComparer.Ordinal),
            view.Differences.Select(difference => difference.Code).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Equal([null], check.Sites.Select(answer => answer.Reason));
        Assert.Empty(view.Checks[0].Unknown);
    }

    private async Task ExecuteAsync(string database, string statement, params object[] values)
    {
        await using var session = await site.OpenAsync(database);
        await using var command = new Npgsql.NpgsqlCommand(statement, session);
        foreach (var value in values)
        {
            command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(Token);
    }
}

/// <summary>A whole site of its own: other tests leave theirs as they please.</summary>
public sealed class OwnSite : WholeSite;
