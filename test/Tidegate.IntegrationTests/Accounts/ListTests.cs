using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.Contracts;
using Tidegate.Contracts.Approvals;
using Tidegate.Contracts.Drift;
using Tidegate.Contracts.TenantBackups;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Accounts;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Protection;

namespace Tidegate.IntegrationTests.Accounts;

/// <summary>Whoever may see a part of the fleet finds that part in lists, and nothing of another anywhere.</summary>
public sealed class ListTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    /// <summary>By which something can be asked for in a query.</summary>
    private static readonly ImmutableArray<string> Keys = ["tenant", "environment", "subject", "of", "after", "site"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_may_see_everything_is_shown_everything()
    {
        await using var parts = await TwoParts.StartAsync(cluster);
        var all = await parts.OperatorAsync("all");

        foreach (var list in TwoParts.Lists)
        {
            var (status, body, isPart) = await parts.GetAsync(list, all);

            Assert.True(status is HttpStatusCode.OK, $"{list} answered {status}: {body}");
            Assert.False(isPart, list);
            Assert.All(
                new[] { "zebra", "walrus", list is "/api/tenants" or "/api/jobs" ? "vip-shop" : "" },
                word => Assert.True(body.Contains(word, StringComparison.Ordinal), $"{list} has no {word}: {body}")
            );
        }
    }

    [Fact]
    public async Task Who_may_see_an_environment_finds_nothing_of_another()
    {
        await using var parts = await TwoParts.StartAsync(cluster);
        var north = await parts.OperatorAsync("north", "-e", TwoParts.North);

        foreach (var list in TwoParts.Lists)
        {
            var (status, body, isPart) = await parts.GetAsync(list, north);

            Assert.True(status is HttpStatusCode.OK, $"{list} answered {status}: {body}");
            Assert.True(isPart, list);
            Assert.True(body.Contains("walrus", StringComparison.Ordinal), $"{list} shows too little: {body}");
        }

        await NothingAsync(parts, north, "zebra");
    }

    [Fact]
    public async Task Who_may_see_tenants_with_tags_finds_nothing_of_others_nor_of_their_environment()
    {
        await using var parts = await TwoParts.StartAsync(cluster);
        var vip = await parts.OperatorAsync("vip", "--tags", "vip");

        foreach (var list in TwoParts.Lists)
        {
            var (status, body, _) = await parts.GetAsync(list, vip);

            Assert.True(status is HttpStatusCode.OK, $"{list} answered {status}: {body}");
            // What is an environment's names others' shops, and a checkpoint is nothing that this shop has.
            var isOfEnvironment =
                list
                is "/api/approvals"
                    or "/api/checkpoints"
                    or "/api/emergencies"
                    or "/api/promotions"
                    or "/api/rollouts";
            Assert.True(body.Contains("vip-shop", StringComparison.Ordinal) != isOfEnvironment, $"{list}: {body}");
        }

        await NothingAsync(parts, vip, "zebra", "walrus");
    }

    [Fact]
    public async Task Tags_and_environment_of_one_grant_are_both_asked_for_and_grants_add_up()
    {
        await using var parts = await TwoParts.StartAsync(cluster);
        var both = await parts.OperatorAsync("both", "-e", TwoParts.South, "--tags", "oslo");
        var two = await parts.OperatorAsync("two", "-e", TwoParts.South);
        await parts.Home.GrantAsync("service/two", parts.Administrator, "--role", "viewer", "--tags", "vip");
        var bound = await parts.Home.TokenAsync("two", parts.Administrator, "--role", "viewer", "--tags", "vip");

        Assert.Equal(["zebra-second", "zebra-shop"], await TenantsAsync(parts, both));
        Assert.Equal(["vip-shop", "zebra-second", "zebra-shop"], await TenantsAsync(parts, two));
        Assert.Equal("[]", (await parts.GetAsync("/api/rollouts", both)).Body);
        Assert.Contains("r-zebra", (await parts.GetAsync("/api/rollouts", two)).Body, StringComparison.Ordinal);
        // A token that was made for less shows less.
        Assert.Equal(["vip-shop"], await TenantsAsync(parts, bound));
        Assert.Equal("[]", (await parts.GetAsync("/api/rollouts", bound)).Body);
    }

    [Fact]
    public async Task Pages_are_full_and_counts_are_of_what_is_visible()
    {
        await using var parts = await TwoParts.StartAsync(cluster);
        var north = await parts.OperatorAsync("north", "-e", TwoParts.North);

        // The newest are the south's.
        await parts.Home.Plane.QueryAsync(
            "update job set created_at = now() + interval '1 hour' where id like '%zebra%'"
        );
        var jobs = (await parts.GetAsync("/api/jobs?limit=2", north)).Body;
        Assert.Contains("j-walrus", jobs, StringComparison.Ordinal);
        Assert.Contains("j-own", jobs, StringComparison.Ordinal);
        var first = await ReadAsync<TenantBackupList>(parts, "/api/tenant-backups?limit=1", north);
        var second = await ReadAsync<TenantBackupList>(parts, $"/api/tenant-backups?limit=1&after={first.Next}", north);
        Assert.Equal(["b-own", "b-walrus"], first.Backups.Concat(second.Backups).Select(backup => backup.Id));
        // t1 to t3 and the south's second have none.
        Assert.Equal((0, 0L), (first.Without.Count, first.TenantsWithout));
        var drift = await ReadAsync<DriftView>(parts, "/api/drift", north);
        Assert.All(drift.Checks, check => Assert.Equal((null, null), (check.Judged, check.Busy)));
    }

    [Fact]
    public async Task Why_tells_the_same_of_what_is_not_visible_as_of_what_is_not_there()
    {
        await using var parts = await TwoParts.StartAsync(cluster);
        var north = await parts.OperatorAsync("north", "-e", TwoParts.North);

        string[] kinds =
        [
            "tenant",
            "environment",
            "pool",
            "rollout",
            "approval",
            "generation",
            "site",
            "source",
            "commit",
        ];
        string[] names = [.. TwoParts.OfSouth, "zebra-pool-1", "dead0000beef", "local", "fleet"];
        foreach (var subject in names.Concat(kinds.SelectMany(kind => names.Select(name => $"{kind}/{name}"))))
        {
            var nowhere = subject.Replace(subject.Split('/')[^1], "nowhere-at-all", StringComparison.Ordinal);
            Assert.Equal(
                await AskedAsync(subject),
                (await AskedAsync(nowhere)).Replace(nowhere, subject, StringComparison.Ordinal)
            );
        }

        Assert.Equal(HttpStatusCode.OK, (await parts.GetAsync("/api/why?of=cafe0000", north)).Status);
        var own = await parts.GetAsync("/api/why?of=tenant/walrus-shop", north);
        Assert.Equal(HttpStatusCode.OK, own.Status);
        Assert.Contains("of walrus", own.Body, StringComparison.Ordinal);
        Assert.Contains("pool/north-pool", own.Body, StringComparison.Ordinal);
        var release = await parts.GetAsync("/api/why?of=release/2026.11.2", north);
        Assert.Contains("asked for in north (waiting)", release.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("zebra", release.Body, StringComparison.Ordinal);

        // A tenant's chain ends where what it belongs to is not visible.
        var vip = await parts.OperatorAsync("vip", "--tags", "vip");
        var shop = await parts.GetAsync("/api/why?of=tenant/vip-shop", vip);
        Assert.Contains("of own", shop.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("walrus", shop.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("environment/", shop.Body, StringComparison.Ordinal);
        Assert.Contains(
            "no environment where your grants reach asks for it",
            (await parts.GetAsync("/api/why?of=2026.11.2", vip)).Body,
            StringComparison.Ordinal
        );

        async Task<string> AskedAsync(string of)
        {
            var (status, body, _) = await parts.GetAsync($"/api/why?of={of}", north);
            Assert.True(status is HttpStatusCode.NotFound, $"{of} answered {status}: {body}");
            return body;
        }
    }

    [Fact]
    public async Task Who_approves_in_one_environment_does_so_there_and_nowhere_else()
    {
        await using var parts = await TwoParts.StartAsync(cluster);
        var olav = await parts.Home.PersonAsync("olav", parts.Administrator);
        await parts.Home.GrantAsync("person/olav", parts.Administrator, "--role", "approver", "-e", TwoParts.North);

        var listed = await parts.GetAsync("/api/approvals", olav);
        Assert.Equal(["a-walrus"], Parse<ApprovalSummary[]>(listed.Body).Select(approval => approval.Id));
        Assert.Equal(HttpStatusCode.OK, (await parts.GetAsync("/api/approvals?environment=north", olav)).Status);
        Assert.Equal(HttpStatusCode.OK, (await parts.GetAsync("/api/approvals/a-walrus", olav)).Status);
        Assert.Equal(
            HttpStatusCode.OK,
            await SayAsync("a-walrus", "reject", new RejectApproval("not on a Friday", "key-1"))
        );
        Assert.Equal(HttpStatusCode.OK, await SayAsync("a-walrus", "withdraw", new WithdrawApproval("it is Monday")));
        // Nobody is asked in this environment, so that agreeing would count for nothing.
        Assert.NotEqual(
            HttpStatusCode.Forbidden,
            await SayAsync("a-walrus", "give", new GiveApproval("sha256:walrus", "key-2"))
        );

        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await parts.GetAsync("/api/approvals?environment=zebra-south", olav)).Status
        );
        Assert.Equal(HttpStatusCode.Forbidden, (await parts.GetAsync("/api/approvals/a-zebra", olav)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await parts.GetAsync("/api/emergencies/e-zebra", olav)).Status);
        Assert.Equal(HttpStatusCode.OK, (await parts.GetAsync("/api/emergencies/e-walrus", olav)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, await SayAsync("a-zebra", "reject", new RejectApproval("no", "key-3")));
        Assert.Equal(HttpStatusCode.Forbidden, await SayAsync("a-zebra", "withdraw", new WithdrawApproval("no")));
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await SayAsync("a-zebra", "give", new GiveApproval("sha256:zebra", "key-4"))
        );
        // A place is given everywhere.
        Assert.Equal(HttpStatusCode.Forbidden, (await parts.GetAsync("/api/delegations", olav)).Status);
        Assert.Equal(
            ["rejected a-walrus", "withdrawn a-walrus"],
            await parts.Home.Plane.QueryAsync("select said || ' ' || approval from approval_statement order by id")
        );

        async Task<HttpStatusCode> SayAsync(string approval, string what, object body) =>
            (await parts.Home.SendAsync(HttpMethod.Post, $"/api/approvals/{approval}/{what}", olav, body)).Status;
    }

    [Fact]
    public async Task The_command_line_says_that_a_list_is_not_the_whole_one()
    {
        await using var parts = await TwoParts.StartAsync(cluster);
        var north = await parts.OperatorAsync("north", "-e", TwoParts.North);
        var all = await parts.OperatorAsync("all");

        var listed = await parts.Home.RunAsync(north, "tenant", "list");

        Assert.Equal(ExitCodes.Done, listed.Exit);
        Assert.Contains("walrus-shop", listed.Output, StringComparison.Ordinal);
        Assert.Equal("only what your grants cover is shown: tidegate access whoami\n", listed.Error);
        Assert.Empty((await parts.Home.RunAsync(all, "tenant", "list")).Error);
        // What is named is shown whole.
        var named = await parts.Home.RunAsync(north, "copies", "list", "--tenant", "walrus-shop");
        Assert.Equal(ExitCodes.Done, named.Exit);
        Assert.DoesNotContain("grants", named.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_ten_thousand_tenants_it_is_asked_with_one_statement_which_are_visible()
    {
        await using var parts = await TwoParts.StartAsync(cluster);
        await parts.Home.Plane.QueryAsync(
            """
            with made as (
                insert into tenant (name, pool, database, hosts, time_zone, profile, release, tags)
                select 'many' || n, pool, 'many' || n, array['many' || n || '.example'], time_zone, profile, release,
                       case when n % 2 = 0 then array['even', 'oslo'] else array['odd'] end
                  from tenant, generate_series(1, 10000) n where name = 'zebra-shop' returning 1)
            select count(*)::text from made
            """
        );
        var claim = new AccessClaim(
            new(IdentityKind.Person, "anna", []),
            [new("g-1", "person/anna", Roles.Viewer, new(["zebra-south"], TagExpression.Parse("even and not odd")))]
        );
        var targets = parts.Home.Plane.Services.GetRequiredService<TargetStore>();
        var fleet = parts.Home.Plane.Services.GetRequiredService<FleetStore>();

        var begun = TimeProvider.System.GetTimestamp();
        using var counted = new CountedStatements();
        var visible = AccessDecider.See(claim, Permission.ReadFleet, await targets.FleetAsync(Token));
        Assert.Equal(1, counted.Count);
        var took = TimeProvider.System.GetElapsedTime(begun);
        var listed = await fleet.VisibleAsync(visible, Token);

        Assert.Equal(2, counted.Count);
        Assert.Equal(5000, listed.Count);
        Assert.Empty(visible.Environments!);
        Assert.InRange(took.TotalSeconds, 0, 5);
        TestContext.Current.TestOutputHelper?.WriteLine($"{took.TotalMilliseconds:0} ms");
    }

    /// <summary>Asks every route that reads for all that the south has; none of the words is in an answer.</summary>
    private static async Task NothingAsync(TwoParts parts, string token, params string[] words)
    {
        var (asked, wrong) = (0, new List<string>());
        foreach (var route in parts.Reading())
        {
            var pattern = route.RoutePattern.RawText!;
            if (route.RoutePattern.Parameters.Count > 0)
            {
                foreach (var name in TwoParts.OfSouth)
                {
                    asked++;
                    var path = AccessTests.PathOf(route, name);
                    var (status, body, _) = await parts.GetAsync(path, token);
                    if (
                        status is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
                    )
                    {
                        wrong.Add($"{path} answered {status}: {body}");
                    }
                }

                continue;
            }

            asked++;
            var (_, plain, _) = await parts.GetAsync(pattern, token);
            wrong.AddRange(Found(pattern, plain));
            foreach (var key in Keys)
            {
                // Checkpoints are asked of the sites, which takes its time.
                foreach (var name in TwoParts.OfSouth.Take(pattern is "/api/copies" or "/api/checkpoints" ? 1 : 4))
                {
                    asked++;
                    var path = $"{pattern}?{key}={name}";
                    var (status, body, _) = await parts.GetAsync(path, token);
                    // A refusal repeats what was named.
                    if (status is HttpStatusCode.OK)
                    {
                        wrong.AddRange(Found(path, body));
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        Assert.True(asked > 500, $"only {asked} requests");

        IEnumerable<string> Found(string path, string body) =>
            words
                .Where(word => body.Contains(word, StringComparison.OrdinalIgnoreCase))
                .Select(word => $"{path} shows {word}: {body}");
    }

    private static async Task<string[]> TenantsAsync(TwoParts parts, string token) =>
        [
            .. (await ReadAsync<Contracts.Fleet.TenantView[]>(parts, "/api/tenants", token)).Select(tenant =>
                tenant.Name
            ),
        ];

    private static async Task<TAnswer> ReadAsync<TAnswer>(TwoParts parts, string path, string token) =>
        Parse<TAnswer>((await parts.GetAsync(path, token)).Body);

    private static TAnswer Parse<TAnswer>(string body) => JsonSerializer.Deserialize<TAnswer>(body, ApiJson.Options)!;
}
