using System.Net;
using System.Security.Cryptography;
using System.Text;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using static Tidegate.IntegrationTests.Following.GitFleet;

namespace Tidegate.IntegrationTests.Following;

/// <summary>What forges tell over HTTP, and who is believed.</summary>
public sealed class WebhookTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private const string Secret = "a secret that the forge knows";
    private const string Push = """{"ref": "refs/heads/main"}""";
    private const string Rounds = "select rounds_wanted::text from source";

    [Theory]
    [InlineData("github")]
    [InlineData("gitea")]
    [InlineData("forgejo")]
    [InlineData("gitlab")]
    public async Task A_push_has_the_repository_asked_at_once_and_told_twice_does_no_harm(string forge)
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowWithWebhookAsync(plane);
        fleet.Commit("Promote 2026.11.2", Environment("2026.11.2"));

        Assert.Equal(HttpStatusCode.OK, await SendAsync(plane, forge, "push", Push));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(plane, forge, "push", Push));

        await plane.UntilQueryAsync("select release_name from environment_terms", "2026.11.2");
        Assert.Single(await plane.QueryAsync("select id::text from planned_work where release_name = '2026.11.2'"));
    }

    [Fact]
    public async Task A_push_to_another_branch_is_nobodys_business()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await FollowWithWebhookAsync(plane);
        var before = await plane.QueryAsync(Rounds);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(plane, "github", "push", """{"ref": "refs/heads/feature"}"""));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(plane, "github", "ping", "{}"));

        Assert.Equal(before, await plane.QueryAsync(Rounds));
    }

    [Theory]
    [InlineData("github", "X-Hub-Signature-256", "sha256=")]
    [InlineData("github", "X-Hub-Signature-256", "sha256=zz")]
    [InlineData("github", "X-Hub-Signature-256", "sha1=0000")]
    [InlineData("github", "X-Other", "x")]
    [InlineData("gitea", "X-Gitea-Signature", "0000")]
    [InlineData("gitlab", "X-Gitlab-Token", "a secret that the forge knew")]
    [InlineData("gitlab", "X-Gitlab-Token", "")]
    [InlineData("bitbucket", "X-Hub-Signature-256", "sha256=")]
    public async Task Who_does_not_prove_to_be_the_forge_gets_401_and_nothing_is_done(
        string forge,
        string header,
        string value
    )
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await FollowWithWebhookAsync(plane);
        var before = await plane.QueryAsync(Rounds);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/source/webhook/{forge}")
        {
            Content = new StringContent(Push, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await plane.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(before, await plane.QueryAsync(Rounds));
    }

    [Fact]
    public async Task A_signature_of_another_body_proves_nothing()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await FollowWithWebhookAsync(plane);

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(plane, "github", "push", Push, signed: Push + " "));
    }

    [Fact]
    public async Task Without_a_webhook_secret_nobody_is_believed()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(plane, "github", "push", Push));

        await FollowAsync(plane);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(plane, "github", "push", Push));

        // Named, and not there.
        await plane.SucceedAsync("fleet", "follow", Address, "--webhook-secret", "missing");
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(plane, "github", "push", Push));
    }

    [Fact]
    public async Task What_is_no_json_or_too_large_is_refused()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await FollowWithWebhookAsync(plane);

        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(plane, "github", "push", "{"));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(plane, "github", "pull_request", "[1, {}]"));
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            await SendAsync(plane, "github", "push", new string(' ', (1 << 20) + 1))
        );
        Assert.Equal(HttpStatusCode.OK, await SendAsync(plane, "github", "push", Push.PadRight(1 << 20)));
    }

    [Fact]
    public async Task What_github_tells_of_a_review_and_its_merge_lets_a_protected_commit_through()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var fleet = await FollowWithWebhookAsync(plane);
        await fleet.SyncAsync(
            "Protect it from now on",
            ("policies/careful.yaml", "start: manual\nsource:\n  review: true\n  otherMerger: true\n")
        );
        var merge = fleet.Commit("Promote 2026.11.2", Environment("2026.11.2"));
        var waiting = await plane.RunAsync("fleet", "sync");
        Assert.Contains("environment/production", waiting.Output, StringComparison.Ordinal);
        Assert.Contains("(review-unknown)", waiting.Output, StringComparison.Ordinal);
        Assert.Contains("(merged-by-author)", waiting.Output, StringComparison.Ordinal);

        const string Of = """ "number": 7, "repository": {"full_name": "shops/fleet"} """;
        await SendAsync(
            plane,
            "github",
            "pull_request_review",
            $$$"""
            {"action": "submitted", {{{Of}}}, "review": {"state": "approved", "user": {"login": "bo"}},
             "pull_request": {"number": 7, "user": {"login": "ann"}, "merge_commit_sha": "{{{new string('0', 40)}}}"}}
            """
        );
        await SendAsync(
            plane,
            "github",
            "pull_request",
            $$$"""
            {"action": "closed", {{{Of}}}, "pull_request": {"number": 7, "merged": true, "user": {"login": "ann"},
             "merged_by": {"login": "bo"}, "merge_commit_sha": "{{{merge}}}"}}
            """
        );

        await plane.UntilQueryAsync("select release_name from environment_terms", "2026.11.2");
        Assert.Contains(
            $"webhook/github shops/fleet #7: by ann, merged by bo as {merge}",
            await plane.LedgerAsync("decision")
        );
    }

    [Fact]
    public async Task What_gitlab_tells_is_kept_by_the_numbers_of_its_people()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await FollowWithWebhookAsync(plane);
        string Event(string action) =>
            $$$"""
                {"user": {"id": 2}, "project": {"path_with_namespace": "shops/fleet"},
                 "object_attributes": {"iid": 7, "author_id": 1, "action": "{{{action}}}", "merge_commit_sha": "{{{new string(
                    'a',
                    40
                )}}}",
                                       "updated_at": "2026-11-25 12:00:00 UTC"}}
                """;

        await SendAsync(plane, "gitlab", "Merge Request Hook", Event("approved"));
        await SendAsync(plane, "gitlab", "Merge Request Hook", Event("merge"));

        Assert.Equal(
            ["user 1 user 2 user 2 approved"],
            await plane.QueryAsync(
                "select concat_ws(' ', author, merged_by, reviewer, state) from forge_change join forge_review using (forge, repository, number)"
            )
        );
    }

    private static async Task<GitFleet> FollowWithWebhookAsync(ScriptedControlPlane plane)
    {
        await plane.WriteSecretAsync("fleet-webhook", Secret);
        var fleet = await FollowAsync(plane);
        await plane.SucceedAsync("fleet", "follow", Address, "--interval", "1d", "--webhook-secret", "fleet-webhook");
        return fleet;
    }

    private static async Task<HttpStatusCode> SendAsync(
        ScriptedControlPlane plane,
        string forge,
        string kind,
        string body,
        string? signed = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/source/webhook/{forge}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        var signature = Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(signed ?? body))
        );
        switch (forge)
        {
            case "github":
                request.Headers.Add("X-GitHub-Event", kind);
                request.Headers.Add("X-Hub-Signature-256", $"sha256={signature}");
                break;
            case "gitlab":
                request.Headers.Add("X-Gitlab-Event", kind is "push" ? "Push Hook" : kind);
                request.Headers.Add("X-Gitlab-Token", Secret);
                break;
            default:
                request.Headers.Add("X-Gitea-Event", kind);
                request.Headers.Add("X-Gitea-Signature", signature);
                break;
        }

        using var response = await plane.SendAsync(request);
        return response.StatusCode;
    }
}
