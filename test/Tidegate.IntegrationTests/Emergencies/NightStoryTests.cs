using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.Contracts;
using Tidegate.Contracts.Approvals;
using Tidegate.Contracts.Emergencies;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Following;
using Tidegate.IntegrationTests.Accounts;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Following;
using Tidegate.Simulator.Following;

namespace Tidegate.IntegrationTests.Emergencies;

/// <summary>
/// Three in the morning: the git host is away, one person is there, a freeze is on, and a shop cannot sell. Real
/// PostgreSQL and git, everything by the command line of people who have signed in; the shop alone is scripted.
/// </summary>
public sealed class NightStoryTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly string[] Fix =
    [
        "rollout",
        "start",
        "--release",
        "2026.11.2",
        "--emergency",
        "--reason",
        "the tills do not print",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_person_mends_the_shop_and_nothing_ordinary_goes_on_before_another_has_looked()
    {
        using var home = new GitHome();
        var plane = await ScriptedControlPlane.StartAsync(
            cluster,
            services => services.AddSingleton<IFleetSource>(home.Source),
            "db1"
        );
        await using var access = new AccessHome(plane);
        var repository = home.Repository();
        Commit(repository, "The fleet", Files("2026.11.1", isFrozen: true));
        await plane.SucceedAsync("fleet", "follow", repository.Address, "--interval", "1d");
        await plane.SucceedAsync("fleet", "sync");
        var anna = await access.AdministratorAsync();
        var (nora, bo, cy) = (
            await PersonAsync(access, anna, "nora", "release-manager"),
            await PersonAsync(access, anna, "bo", "approver"),
            await PersonAsync(access, anna, "cy", "approver")
        );
        await RunsAsync(access, anna, "access", "close", "--reason", "others get in");

        // Git is away, and a freeze is on.
        repository.GoAway();
        Assert.NotEqual(ExitCodes.Done, (await access.RunAsync(nora, "fleet", "sync")).Exit);
        await RefusedAsync(access, nora, "The freeze retail/black-friday holds", "calendar", "ask", "t1");
        await RefusedAsync(access, nora, "git says what production runs", "rollout", "start", "--release", "2026.11.2");

        // One person, past what the policy lets her name, and nothing else.
        await RefusedAsync(access, bo, "may not", Fix);
        await RefusedAsync(access, nora, "gate approved", [.. Fix, "--override", "freeze:black-friday"]);
        var never = await access.RunAsync(nora, [.. Fix, "--override", "checkpoint"]);
        Assert.Contains("nothing goes past checkpoint", never.Error, StringComparison.Ordinal);
        await RunsAsync(
            access,
            nora,
            [.. Fix, "--override", "approved", "--override", "freeze:black-friday", "--wait"]
        );
        Assert.Equal(
            [$"t1 sha256:{new string('2', 64)}"],
            await plane.QueryAsync("select name || ' ' || release from tenant")
        );
        var emergency = (await ReadAsync<EmergencyView[]>(access, nora, "emergency", "list"))[0];
        Assert.Equal(["approved", "freeze:retail/black-friday"], emergency.Overrides);
        await AssertRecordedAsync(plane, emergency);

        // The second person, hours before the first would be halted.
        await RefusedAsync(access, nora, "may not", "emergency", "second", emergency.Id);
        await RunsAsync(access, bo, "emergency", "second", emergency.Id, "--reason", "I have seen the till");

        // Git is back, and the freeze is over: the next release is approved, and waits for the review alone.
        repository.ComeBack();
        Commit(repository, "2026.11.3", Files("2026.11.3", isFrozen: false));
        await RunsAsync(access, nora, "fleet", "sync");
        await UntilBlockedAsync(plane, "approval-authors-unknown approval-missing review-open");
        var approval = (await ReadAsync<ApprovalSummary[]>(access, bo, "approval", "list")).Single(each =>
            each.Release == "2026.11.3"
        );
        foreach (var approver in new[] { bo, cy })
        {
            await RunsAsync(access, approver, "approval", "give", approval.Id, "--plan", approval.PlanHash);
        }

        await UntilBlockedAsync(plane, "review-open");
        await RefusedAsync(access, nora, "may not", "emergency", "close", emergency.Id, "--reason", "fine");
        Assert.Equal(["2026.11.2"], await plane.QueryAsync("select release_name from rollout"));

        await RunsAsync(access, cy, "emergency", "close", emergency.Id, "--reason", "2026.11.3 has the fix");
        await plane.UntilQueryAsync(
            "select release_name || ' ' || state from planned_work order by id desc limit 1",
            "2026.11.3 done"
        );
        Assert.Equal(
            [$"t1 sha256:{new string('3', 64)}"],
            await plane.QueryAsync("select name || ' ' || release from tenant")
        );
        await VerifiedAsync(access, nora);
    }

    /// <summary>The ledger has who, why, past what, and the decision that let the shop begin, whole: made again, it is the same.</summary>
    private static async Task AssertRecordedAsync(ScriptedControlPlane plane, EmergencyView emergency)
    {
        Assert.Contains(
            await plane.LedgerAsync("command"),
            line =>
                line.Contains(
                    $"person/nora emergency {emergency.Id} in production, past git and approved, freeze:retail/black-friday: the tills do not print",
                    StringComparison.Ordinal
                )
        );
        var entry = Assert.Single(
            await plane.QueryAsync(
                "select reason from ledger where rollout = $1 and reason like 'may start, by the calendars: {%'",
                emergency.Rollout
            )
        );
        var decision = RecordedDecision.Read(entry[entry.IndexOf('{', StringComparison.Ordinal)..]);
        var set = await plane.Services.GetRequiredService<CalendarStore>().FindAsync(decision.Set, Token);
        Assert.Equal((emergency.Id, true), (decision.Emergency, decision.Reasons.IsEmpty));
        Assert.Equal("retail/black-friday", Assert.Single(decision.Past).Rule);
        Assert.Equal(decision.Past.ToList(), [.. decision.Replay(set!).Past]);
    }

    private static async Task VerifiedAsync(AccessHome access, string token)
    {
        var entries = (await access.Plane.QueryAsync("select count(*)::text from ledger"))[0];
        await access.Plane.UntilQueryAsync($"select (count(*) >= {entries})::text from ledger_seal", "true");
        var export = Path.Join(access.Plane.Home, "ledger.jsonl");
        await RunsAsync(access, token, "ledger", "export", "--to", export);
        var verified = await access.Plane.RunAsync(
            "ledger",
            "verify",
            "--from",
            export,
            "--key",
            Path.Join(access.Plane.Home, "ledger", "public-key.pem")
        );
        Assert.True(verified.Exit == ExitCodes.Done, verified.Transcript);
        Assert.StartsWith("PASS", verified.Output, StringComparison.Ordinal);
    }

    private static (string, string?)[] Files(string release, bool isFrozen)
    {
        var now = TimeProvider.System.GetUtcNow();
        return
        [
            .. GitFleet.Files.Where(file => file.Item1 is not ("tenants/t2.yaml" or "tenants/t3.yaml")),
            GitFleet.Environment(release),
            (
                "tidegate.yaml",
                """
                organisation: Shops
                people: [{name: nora}, {name: bo}, {name: cy}]
                groups: [{name: shops, members: [nora, bo, cy]}]

                """
            ),
            (
                "policies/careful.yaml",
                """
                start: automatic
                approvals:
                  requirements: [{name: one-of-the-shops, from: [shops]}]
                emergency:
                  overrides: [approved, "freeze:retail/*"]

                """
            ),
            (
                "calendars/retail.yaml",
                $$"""
                timeZone: UTC
                rules:
                  - name: black-friday
                    effect: freeze
                    scope: {environments: [production]}
                    when: {from: {{Day(isFrozen ? now.AddDays(-1) : now.AddDays(-9))}}, to: {{Day(
                    isFrozen ? now.AddDays(2) : now.AddDays(-8)
                )}}}

                """
            ),
        ];
    }

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void Commit(GitFolder repository, string subject, params (string Path, string? Text)[] files) =>
        repository.Commit("main", NewCommit.Of(subject, files.Reverse().DistinctBy(file => file.Path)));

    private static async Task<string> PersonAsync(AccessHome access, string administrator, string name, string role)
    {
        var session = await access.PersonAsync(name, administrator);
        await access.GrantAsync($"person/{name}", administrator, "--role", role);
        return session;
    }

    private static async Task RunsAsync(AccessHome access, string token, params string[] arguments)
    {
        var answer = await access.RunAsync(token, arguments);
        Assert.True(answer.Exit == ExitCodes.Done, answer.Transcript);
    }

    private static async Task RefusedAsync(AccessHome access, string token, string what, params string[] arguments)
    {
        var answer = await access.RunAsync(token, arguments);
        Assert.True(answer.Exit is ExitCodes.Blocked or ExitCodes.NotAllowed, answer.Transcript);
        Assert.Contains(what, answer.Transcript, StringComparison.Ordinal);
    }

    private static async Task<T> ReadAsync<T>(AccessHome access, string token, params string[] arguments)
    {
        var answer = await access.RunAsync(token, [.. arguments, "--json"]);
        Assert.True(answer.Exit == ExitCodes.Done, answer.Transcript);
        return JsonSerializer.Deserialize<T>(answer.Output, ApiJson.Options)!;
    }

    private static Task UntilBlockedAsync(ScriptedControlPlane plane, string codes) =>
        plane.UntilQueryAsync(
            "select coalesce(string_agg(code, ' ' order by code), '') from blocker where owner = 'promotion/production'",
            codes
        );
}
