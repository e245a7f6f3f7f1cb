using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.Cli;
using Tidegate.Contracts;
using Tidegate.Contracts.TenantBackups;
using Tidegate.ControlPlane.Access;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Accounts;

/// <summary>Who gets in and what they may, through the command line and the API, on PostgreSQL.</summary>
public sealed class AccessTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task A_home_works_for_its_own_user_without_any_set_up_and_says_so()
    {
        await using var home = await AccessHome.StartAsync(cluster);

        var status = await home.Plane.RunAsync("access", "status");
        var who = await home.Plane.RunAsync("access", "whoami");

        Assert.Contains("Access is open", status.Output, StringComparison.Ordinal);
        Assert.Contains("access bootstrap", status.Error, StringComparison.Ordinal);
        Assert.Contains(", who owns the home", who.Output, StringComparison.Ordinal);
        Assert.All(Roles.All, role => Assert.Contains($"{role.Name} ", who.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_administrator_signs_in_by_the_file_changes_the_secret_and_closes()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        await home.Plane.SucceedAsync("access", "bootstrap", "anna", "--reason", "the first one");
        var secret = Path.Join(home.Plane.Home, "secrets", "bootstrap-anna");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
        var early = await home.Plane.RunAsync("access", "close", "--reason", "too early");
        Assert.Equal(ExitCodes.Blocked, early.Exit);

        var session = Path.Join(home.Plane.Home, "session");
        await home.Plane.SucceedAsync("login", "anna", "--password-file", secret, "--token-file", session);
        var before = await home.RunAsync(session, "access", "accounts", "list");
        Assert.Equal(ExitCodes.NotAllowed, before.Exit);
        Assert.Contains("access password", before.Error, StringComparison.Ordinal);

        var chosen = await home.FileAsync("password", AccessHome.Password);
        var changed = await home.RunAsync(
            session,
            "access",
            "password",
            "--password-file",
            secret,
            "--new-password-file",
            chosen
        );
        Assert.True(changed.Exit == ExitCodes.Done, changed.Transcript);
        Assert.False(File.Exists(secret));
        Assert.Equal(ExitCodes.Done, (await home.RunAsync(session, "access", "close", "--reason", "others come")).Exit);

        // The home's own user has nothing but the way back now, and that only without a token.
        Assert.Equal(ExitCodes.NotAllowed, (await home.Plane.RunAsync("rollout", "list")).Exit);
        Assert.Equal(
            ExitCodes.NotAllowed,
            (await home.RunAsync(session, "access", "open", "--reason", "by an administrator")).Exit
        );
        await home.Plane.SucceedAsync("access", "open", "--reason", "the way back");
        await home.Plane.SucceedAsync("rollout", "list");
        Assert.Contains(
            await home.Plane.LedgerAsync("command"),
            line => line.Contains("access opened", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Who_manages_access_changes_nothing_else_and_grants_nothing_to_themselves()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        var anna = await home.AdministratorAsync();

        var start = await home.RunAsync(anna, "rollout", "start", "--release", "2026.11.2");
        var own = await home.RunAsync(
            anna,
            "access",
            "grants",
            "add",
            "person/anna",
            "--role",
            "release-manager",
            "--reason",
            "myself"
        );

        Assert.Equal(ExitCodes.NotAllowed, start.Exit);
        Assert.Contains("release-manager", start.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Blocked, own.Exit);
        Assert.Empty(await home.Plane.QueryAsync("select id from rollout"));
        Assert.Contains(
            await home.RefusalsAsync(),
            line =>
                line.StartsWith("person/anna access refused: POST /api/rollouts: ", StringComparison.Ordinal)
                && line.Contains("rollout.start", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Who_has_a_role_acts_under_their_own_name()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        var anna = await home.AdministratorAsync();
        var bo = await home.PersonAsync("bo", anna);
        var cleo = await home.PersonAsync("cleo", anna);
        await home.GrantAsync("person/bo", anna, "--role", "release-manager", "-e", "production");
        await home.GrantAsync("person/cleo", anna, "--role", "approver");

        Assert.Equal(
            ExitCodes.NotAllowed,
            (await home.RunAsync(cleo, "rollout", "start", "--release", "2026.11.2")).Exit
        );
        var started = await home.RunAsync(bo, "rollout", "start", "--release", "2026.11.2");

        Assert.True(started.Exit == ExitCodes.Done, started.Transcript);
        Assert.Equal(["person/bo"], await home.Plane.QueryAsync("select started_by from rollout"));
        Assert.Equal(ExitCodes.Done, (await home.RunAsync(bo, "rollout", "show", started.Output.Trim())).Exit);
        Assert.Equal(ExitCodes.Done, (await home.RunAsync(cleo, "rollout", "list")).Exit);
        // What is in no environment is a grant's everywhere.
        Assert.Equal(ExitCodes.NotAllowed, (await home.RunAsync(bo, "backup", "list")).Exit);
        Assert.Equal(ExitCodes.Done, (await home.RunAsync(cleo, "backup", "list")).Exit);
    }

    [Fact]
    public async Task A_developer_does_nothing_in_production()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        var anna = await home.AdministratorAsync();
        var dev = await home.ServiceAsync("dev", anna, "--role", "developer");

        Assert.Equal(
            ExitCodes.NotAllowed,
            (await home.RunAsync(dev, "rollout", "start", "--release", "2026.11.2")).Exit
        );
        Assert.Equal(
            ExitCodes.Done,
            (
                await home.RunAsync(
                    dev,
                    "release",
                    "register",
                    "--name",
                    "2026.12.1",
                    "--digest",
                    $"sha256:{new string('a', 64)}"
                )
            ).Exit
        );

        // Once git says that another environment comes after it, it is a proving ground.
        await home.Plane.QueryAsync(
            """
            insert into environment_terms (environment, upstream, soak, policy, commit, author, accepted_at)
            values ('live', '{production}', '0', '{"name": "default"}', 'c1', 'Ann', now())
            """
        );
        var plan = await home.RunAsync(dev, "rollout", "plan", "--release", "2026.11.2");
        Assert.True(plan.Exit == ExitCodes.Done, plan.Transcript);
    }

    [Fact]
    public async Task A_token_for_some_tenants_reaches_no_other()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        var anna = await home.AdministratorAsync();
        await home.Plane.QueryAsync("update tenant set tags = '{vip}' where name = 't1' returning name");
        var north = await home.ServiceAsync("north", anna, "--role", "operator", "--tags", "vip");
        var order = new TakeBackup();

        Assert.Equal(
            HttpStatusCode.OK,
            (await home.SendAsync(HttpMethod.Post, "/api/tenants/t1/backups", north, order)).Status
        );
        var (status, problem) = await home.SendAsync(HttpMethod.Post, "/api/tenants/t2/backups", north, order);

        Assert.Equal((HttpStatusCode.Forbidden, ProblemCodes.Forbidden), (status, problem!.Code));
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await home.SendAsync(HttpMethod.Post, "/api/tenants/t9/backups", north, order)).Status
        );
        Assert.Equal(HttpStatusCode.Forbidden, (await home.SendAsync(HttpMethod.Get, "/api/backups", north)).Status);
        Assert.Equal(["t1"], await home.Plane.QueryAsync("select subject from job where actor = 'service/north'"));
        Assert.Contains(
            await home.RefusalsAsync(),
            line =>
                line.StartsWith("service/north access refused: ", StringComparison.Ordinal)
                && line.Contains("tenant t2 of production", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_token_is_never_wider_than_its_owner()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        var anna = await home.AdministratorAsync();
        var all = await home.ServiceAsync("ci", anna, "--role", "viewer");
        await home.GrantAsync("service/ci", anna, "--role", "operator", "-e", "production");

        // More than it has, in another place, and everywhere instead of in one.
        foreach (
            var wide in new[]
            {
                new[] { "--role", "auditor" },
                ["--role", "operator", "-e", "live"],
                ["--role", "operator"],
            }
        )
        {
            var asked = await home.RunAsync(anna, ["access", "tokens", "add", "--of", "service/ci", .. wide]);
            Assert.Equal(ExitCodes.Blocked, asked.Exit);
        }

        var narrow = await home.TokenAsync("ci", anna, "--role", "viewer");
        Assert.Equal(HttpStatusCode.OK, (await home.SendAsync(HttpMethod.Get, "/api/backups", narrow)).Status);
        var cancel = new { reason = "x" };
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await home.SendAsync(HttpMethod.Post, "/api/tenants/t1/backups", narrow, new TakeBackup())).Status
        );
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await home.SendAsync(HttpMethod.Post, "/api/jobs/j-1/cancel", narrow, cancel)).Status
        );

        // What its owner loses it loses.
        var grant = (await home.Plane.QueryAsync("select id from access_grant where role = 'viewer'"))[0];
        Assert.Equal(ExitCodes.Done, (await home.RunAsync(anna, "access", "grants", "revoke", grant)).Exit);
        Assert.Equal(HttpStatusCode.Forbidden, (await home.SendAsync(HttpMethod.Get, "/api/backups", narrow)).Status);

        // A token makes no other, and is nobody's way to another account.
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity,
            (await home.SendAsync(HttpMethod.Post, "/api/access/tokens", all, new { days = 300 })).Status
        );
        Assert.Equal(
            ExitCodes.Blocked,
            (await home.RunAsync(anna, "access", "tokens", "add", "--of", "person/anna")).Exit
        );
    }

    [Fact]
    public async Task A_token_that_is_not_good_gets_nobody_in_whoever_else_they_are()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        var anna = await home.AdministratorAsync();
        var good = await home.ServiceAsync("ci", anna, "--role", "viewer");
        var text = (await File.ReadAllTextAsync(good, TestContext.Current.CancellationToken)).Trim();
        var id = text.Split('_')[1];
        Assert.Equal(HttpStatusCode.OK, (await home.SendAsync(HttpMethod.Get, "/api/tenants", good)).Status);
        Assert.Equal(
            ["yes"],
            await home.Plane.QueryAsync(
                "select case when used_at is null then 'no' else 'yes' end from access_token where id = $1",
                id
            )
        );

        // The same socket and user would get in without a token.
        await RefusedAsync(home, await home.FileAsync("forged", $"{text[..^1]}{(text[^1] == 'A' ? 'B' : 'A')}"));
        await RefusedAsync(home, await home.FileAsync("unknown", $"tidegate_{new string('0', 16)}_{text[^43..]}"));
        await RefusedAsync(home, await home.FileAsync("nonsense", "Basic YTpi"));

        await home.Plane.QueryAsync("update access_token set expires_at = now() where id = $1 returning id", id);
        await RefusedAsync(home, good, "expired");
        await home.Plane.QueryAsync(
            "update access_token set expires_at = now() + interval '1 day' where id = $1 returning id",
            id
        );
        await home.Plane.SucceedAsync("access", "accounts", "disable", "service/ci", "--token-file", anna);
        await RefusedAsync(home, good, "disabled");
        await home.Plane.SucceedAsync("access", "accounts", "enable", "service/ci", "--token-file", anna);
        Assert.Equal(HttpStatusCode.OK, (await home.SendAsync(HttpMethod.Get, "/api/tenants", good)).Status);
        await home.Plane.SucceedAsync("access", "tokens", "revoke", id, "--of", "service/ci", "--token-file", anna);
        await RefusedAsync(home, good, "revoked");

        Assert.Equal(
            ["os", "os", "os", "service", "service", "service"],
            (await home.RefusalsAsync()).Select(line => line.Split('/')[0])
        );
    }

    [Fact]
    public async Task A_name_is_locked_after_five_attempts_that_failed_and_one_that_nobody_has_as_well()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        await home.AdministratorAsync();
        var right = await home.FileAsync("right", AccessHome.Password);
        var wrong = await home.FileAsync("wrong", "not the password at all");

        var (known, unknown) = (new List<string>(), new List<string>());
        for (var attempt = 0; attempt < 6; attempt++)
        {
            known.Add((await SignInAsync(home, "anna", wrong)).Error);
            unknown.Add((await SignInAsync(home, "nobody", wrong)).Error);
        }

        var locked = await SignInAsync(home, "anna", right);

        Assert.Equal(ExitCodes.NotAllowed, locked.Exit);
        Assert.Contains("locked until", locked.Error, StringComparison.Ordinal);
        Assert.Equal(known.Take(5), unknown.Take(5));
        Assert.Contains("locked until", known[5], StringComparison.Ordinal);
        Assert.Contains("locked until", unknown[5], StringComparison.Ordinal);
        Assert.Contains(
            await home.RefusalsAsync(),
            line => line.Contains("sign-in as person/anna: locked", StringComparison.Ordinal)
        );

        await home.Plane.QueryAsync("update sign_in_attempt set locked_until = now() returning name");
        Assert.Equal(ExitCodes.Done, (await SignInAsync(home, "anna", right)).Exit);
    }

    [Fact]
    public async Task Without_a_grant_every_route_refuses_before_it_reads_anything()
    {
        await using var home = await AccessHome.StartAsync(cluster);
        var anna = await home.AdministratorAsync();
        await home.Plane.SucceedAsync("access", "accounts", "add", "service/none", "--token-file", anna);
        var none = await home.TokenAsync("none", anna);
        var before = await home.StateAsync();

        var asked = 0;
        foreach (var route in Routes(home))
        {
            var permission = route.Metadata.GetMetadata<Permission>()!;
            if (
                permission == Permission.OwnAccount
                || permission == Permission.SignIn
                || permission == Permission.TellSource
            )
            {
                continue;
            }

            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                var (status, problem) = await home.SendAsync(
                    new HttpMethod(method),
                    PathOf(route),
                    none,
                    method == "GET" ? null : new { nonsense = true }
                );
                Assert.True(status is HttpStatusCode.Forbidden, $"{route.DisplayName} answered {status}");
                Assert.Equal(ProblemCodes.Forbidden, problem!.Code);
                asked++;
            }
        }

        Assert.True(asked > 60, $"{asked} routes");
        Assert.Equal(before, await home.StateAsync());
        // A flood of refusals leaves room for others' entries.
        Assert.InRange(
            (await home.RefusalsAsync()).Count(line => line.StartsWith("service/none ", StringComparison.Ordinal)),
            10,
            20
        );
    }

    internal static IEnumerable<RouteEndpoint> Routes(AccessHome home) =>
        home.Plane.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    internal static string PathOf(RouteEndpoint route, string name = "x") =>
        string.Concat(
            route.RoutePattern.PathSegments.Select(segment =>
                "/"
                + string.Concat(
                    segment.Parts.Select(part =>
                        part switch
                        {
                            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                            // One that has to be a number.
                            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart
                            {
                                ParameterPolicies.Count: > 0,
                            } => "1",
                            _ => name,
                        }
                    )
                )
            )
        );

    private static async Task RefusedAsync(AccessHome home, string tokenFile, string? why = null)
    {
        var (status, problem) = await home.SendAsync(HttpMethod.Get, "/api/tenants", tokenFile);

        Assert.Equal((HttpStatusCode.Unauthorized, ProblemCodes.Unauthenticated), (status, problem!.Code));
        Assert.Contains(why ?? "not known", problem.What, StringComparison.Ordinal);
    }

    private static Task<Cli.CliAnswer> SignInAsync(AccessHome home, string name, string password) =>
        home.Plane.RunAsync(
            "login",
            name,
            "--password-file",
            password,
            "--token-file",
            Path.Join(home.Plane.Home, "session-again")
        );
}
