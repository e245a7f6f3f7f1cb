using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Following;
using Tidegate.Simulator.Following;

namespace Tidegate.IntegrationTests.Approvals;

/// <summary>Whoever wrote what comes does not agree to it, whatever was put on top of it: real git, real PostgreSQL.</summary>
public sealed class AuthorshipTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>, IDisposable
{
    private const string Ann = "Ann Lee <ann@example.com>";
    private const string Bo = "Bo Dahl <bo@example.com>";

    private readonly GitHome _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("merged by another", "bo wrote some of what it brings")]
    [InlineData("under another's commit", "bo wrote some of what it brings")]
    [InlineData("under another's name", "bo wrote some of what it brings")]
    [InlineData("before the rules changed", "bo asked for it")]
    [InlineData("prepared in a round before", "bo wrote some of what it brings")]
    [InlineData("under rules of a round before", "bo wrote some of what it brings")]
    public async Task Who_wrote_a_change_does_not_agree_to_it(string hidden, string why)
    {
        await using var plane = await ScriptedControlPlane.StartAsync(
            cluster,
            services => services.AddSingleton<IFleetSource>(_home.Source),
            "db1"
        );
        var repository = _home.Repository();
        var first = repository.Commit("main", NewCommit.Of("The fleet", Files()));
        await plane.SucceedAsync("fleet", "follow", repository.Address, "--interval", "1d");
        await plane.SucceedAsync("fleet", "sync");

        await HideAsync(plane, repository, first, hidden);
        await plane.RunAsync("fleet", "sync");
        await plane.UntilQueryAsync(
            "select coalesce(string_agg(code, ' ' order by code), '') from blocker where owner = 'promotion/production'",
            "approval-authors-unknown approval-missing"
        );

        await UntilAskedAsync(plane, hidden is "before the rules changed" ? "2" : "1");
        var desk = plane.Services.GetRequiredService<ApprovalDesk>();
        var asked = (await desk.ListAsync(null, Visible.Everything, Token))[0];
        Assert.Equal("2026.11.2", asked.Record.Release.Name);
        var refused = Assert.IsType<SayResult.Refused>(await GiveAsync(desk, asked, "bo"));
        Assert.Contains(why, refused.What, StringComparison.Ordinal);
        Assert.Contains(await plane.LedgerAsync("decision"), line => line.Contains(why, StringComparison.Ordinal));
        Assert.IsType<SayResult.Said>(await GiveAsync(desk, asked, "cy"));
    }

    [Fact]
    public async Task Who_wrote_what_a_colleague_merged_into_the_addons_does_not_agree_to_it()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(
            cluster,
            services => services.AddSingleton<IFleetSource>(_home.Source),
            "db1"
        );
        var repository = _home.Repository();
        repository.Commit("main", NewCommit.Of("The fleet", Files()));
        await plane.SucceedAsync("fleet", "follow", repository.Address, "--interval", "1d");
        await plane.SucceedAsync("fleet", "sync");
        WrittenCommit first = new(new string('a', 40), [], Ann, Ann, Key: null);
        WrittenCommit change = new(new string('b', 40), [first.Id], Bo, Bo, Key: null);
        WrittenCommit merge = new(new string('c', 40), [first.Id, change.Id], Ann, Ann, Key: null);
        await BuiltAsync(plane, "2026.11.1", first);
        await BuiltAsync(plane, "2026.11.2", merge, change, first);
        await plane.QueryAsync(
            """
            insert into rollout (id, environment, release_name, release_digest, plan_hash, policy, excluded, state, outcome,
                                 started_by, created_at, ended_at, due_at)
            select 'r-before', 'production', name, digest, 'x', '{}', '[]', 'ended', 'completed', 'ann', now(), now(), now()
              from release where name = '2026.11.1' returning id
            """
        );
        await plane
            .Services.GetRequiredService<ForgeStore>()
            .KeepAsync(
                new ForgeChange("github", "shops/addons", 7, "ann", "ann", CommitId.Create(merge.Id)),
                TimeProvider.System.GetUtcNow(),
                Token
            );

        repository.Commit("main", NewCommit.Of("2026.11.2", [GitFleet.Environment("2026.11.2")]) with { Author = Ann });
        await plane.RunAsync("fleet", "sync");
        await UntilAskedAsync(plane, "1");

        var desk = plane.Services.GetRequiredService<ApprovalDesk>();
        var asked = (await desk.ListAsync(null, Visible.Everything, Token))[0];
        var refused = Assert.IsType<SayResult.Refused>(await GiveAsync(desk, asked, "bo"));
        Assert.Contains("bo wrote some of what it brings", refused.What, StringComparison.Ordinal);
        Assert.IsType<SayResult.Said>(await GiveAsync(desk, asked, "cy"));
    }

    /// <summary>What a build records of the addons, the newest commit first.</summary>
    private static Task<string[]> BuiltAsync(ScriptedControlPlane plane, string release, params WrittenCommit[] commits)
    {
        SourceFolder addons = new("addons", "addons", commits[0].Id, Clean: true, Unknown: null)
        {
            History = [.. commits],
        };
        return plane.QueryAsync(
            $"update release set addons = '{StoredJson.Write(new[] { addons })}' where name = '{release}' returning name"
        );
    }

    /// <summary>Bo asks for 2026.11.2 in production, and Ann's is what is seen of it.</summary>
    private static async Task HideAsync(ScriptedControlPlane plane, GitFolder repository, CommitId first, string hidden)
    {
        var ask = NewCommit.Of("2026.11.2", [GitFleet.Environment("2026.11.2")]) with { Author = Bo };
        var readme = NewCommit.Of("Words", [("README.md", "Shops.\n")]) with { Author = Ann };
        switch (hidden)
        {
            case "merged by another":
                repository.Move("topic", first);
                var topic = repository.Commit("topic", ask);
                repository.Commit(
                    "main",
                    NewCommit.Of("Merge", [GitFleet.Environment("2026.11.2")]) with
                    {
                        Author = Ann,
                        Merged = topic,
                    }
                );
                break;
            case "under another's commit":
                repository.Commit("main", ask);
                repository.Commit("main", readme);
                break;
            case "under another's name":
                repository.Commit("main", ask with { Author = Ann, Committer = Bo });
                break;
            case "prepared in a round before":
                await TakenAsync("releases/2026.11.2.yaml", $"# for the tills\n{Release}");
                repository.Commit("main", ask with { Author = Ann });
                break;
            case "under rules of a round before":
                await TakenAsync("policies/careful.yaml", $"{Policy}rollout:\n  bake: 1s\n");
                repository.Commit("main", ask with { Author = Ann });
                break;
            default:
                repository.Commit("main", ask);
                await plane.RunAsync("fleet", "sync");
                await UntilAskedAsync(plane, "1");
                repository.Commit(
                    "main",
                    NewCommit.Of("Sooner", [("policies/careful.yaml", $"{Policy}rollout:\n  bake: 1s\n")]) with
                    {
                        Author = Ann,
                    }
                );
                break;
        }

        async Task TakenAsync(string path, string text)
        {
            repository.Commit("main", NewCommit.Of("Before", [(path, text)]) with { Author = Bo });
            await plane.RunAsync("fleet", "sync");
        }
    }

    /// <summary>Of each plan an approval is asked for.</summary>
    private static Task UntilAskedAsync(ScriptedControlPlane plane, string plans) =>
        plane.UntilQueryAsync("select count(*)::text from approval", plans);

    private static Task<SayResult> GiveAsync(ApprovalDesk desk, KnownApproval asked, string person) =>
        desk.GiveAsync(
            asked.Record.Id,
            new($"person/{person}", IsService: false),
            asked.Record.Binding.Plan,
            $"key-{person}",
            reason: null,
            Token
        );

    private static string Release => GitFleet.Release("2026.11.2", '2').Item2!;

    private const string Policy = """
        start: automatic
        approvals:
          requirements: [{name: one-of-the-shops, from: [shops]}]

        """;

    private static IEnumerable<(string, string?)> Files() =>
        [
            .. GitFleet.Files.Where(file =>
                file.Item1 is not ("tenants/t2.yaml" or "tenants/t3.yaml" or "tidegate.yaml" or "policies/careful.yaml")
            ),
            (
                "tidegate.yaml",
                """
                organisation: Shops
                people:
                  - {name: ann, emails: [ann@example.com]}
                  - {name: bo, emails: [bo@example.com]}
                  - {name: cy}
                  - {name: dee}
                groups: [{name: shops, members: [ann, bo, cy, dee]}]

                """
            ),
            ("policies/careful.yaml", Policy),
        ];
}
