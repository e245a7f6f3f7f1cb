using System.Text.Json;

namespace Tidegate.ControlPlane.Following;

/// <summary>Reads what forges send: pushes, and who opened, merged and reviewed what. What is missing is unknown.</summary>
internal static class WebhookReader
{
    private const string Heads = "refs/heads/";

    /// <param name="webhook">One whose sender has proved to be the forge.</param>
    /// <param name="now">When a review was, where the forge does not say.</param>
    public static ForgeNews Read(Webhook webhook, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(webhook.Body);
            return webhook.Forge switch
            {
                "github" => GitHub(webhook.Header("X-GitHub-Event"), document.RootElement, now),
                "gitlab" => GitLab(webhook.Header("X-Gitlab-Event"), document.RootElement, now),
                _ => Gitea(
                    webhook.Forge,
                    webhook.Header("X-Forgejo-Event") ?? webhook.Header("X-Gitea-Event"),
                    document.RootElement,
                    now
                ),
            };
        }
        catch (JsonException)
        {
            return new ForgeNews.Unread();
        }
    }

    private static ForgeNews GitHub(string? kind, JsonElement body, DateTimeOffset now) =>
        kind switch
        {
            "push" => Push(body),
            "pull_request" => PullRequest("github", body) is { } change
                ? new ForgeNews.Changed(change)
                : new ForgeNews.Unread(),
            "pull_request_review" => PullRequest("github", body) is { } change
            && Text(body, "review", "user", "login") is { } reviewer
                ? GitHubState(Text(body, "review", "state"), Text(body, "action")) is { } state
                    ? new ForgeNews.Reviewed(
                        change,
                        new(reviewer, state),
                        Instant(body, "review", "submitted_at") ?? now
                    )
                    : new ForgeNews.Other()
                : new ForgeNews.Unread(),
            _ => new ForgeNews.Other(),
        };

    private static ReviewState? GitHubState(string? state, string? action) =>
        (action, state) switch
        {
            ("dismissed", _) or (_, "dismissed") => ReviewState.Withdrawn,
            ("submitted", "approved") => ReviewState.Approved,
            ("submitted", "changes_requested") => ReviewState.Refused,
            _ => null, // a comment leaves the reviewer's word as it was
        };

    private static ForgeNews Gitea(string forge, string? kind, JsonElement body, DateTimeOffset now) =>
        kind switch
        {
            "push" => Push(body),
            "pull_request" => PullRequest(forge, body) is { } change
                ? new ForgeNews.Changed(change)
                : new ForgeNews.Unread(),
            "pull_request_approved" or "pull_request_rejected" => PullRequest(forge, body) is { } change
            && Text(body, "sender", "login") is { } reviewer
                ? new ForgeNews.Reviewed(
                    change,
                    new(reviewer, kind is "pull_request_approved" ? ReviewState.Approved : ReviewState.Refused),
                    now
                )
                : new ForgeNews.Unread(),
            _ => new ForgeNews.Other(),
        };

    /// <summary>Gitea and Forgejo send the words that GitHub has made common.</summary>
    private static ForgeChange? PullRequest(string forge, JsonElement body)
    {
        if (
            Text(body, "repository", "full_name") is not { } repository
            || (Number(body, "number") ?? Number(body, "pull_request", "number")) is not { } number
        )
        {
            return null;
        }

        // Before it is merged, the commit is one that the forge made to try.
        var isMerged = Find(body, "pull_request", "merged") is { ValueKind: JsonValueKind.True };
        return new(
            forge,
            repository,
            number,
            Text(body, "pull_request", "user", "login"),
            isMerged ? Text(body, "pull_request", "merged_by", "login") : null,
            isMerged ? Commit(Text(body, "pull_request", "merge_commit_sha")) : null
        );
    }

    private static ForgeNews GitLab(string? kind, JsonElement body, DateTimeOffset now)
    {
        if (kind is "Push Hook")
        {
            return Push(body);
        }

        if (kind is not "Merge Request Hook")
        {
            return new ForgeNews.Other();
        }

        if (
            Text(body, "project", "path_with_namespace") is not { } repository
            || Number(body, "object_attributes", "iid") is not { } number
        )
        {
            return new ForgeNews.Unread();
        }

        // Of the author GitLab tells a number only, so numbers are what people are compared by.
        var actor = Person(Number(body, "user", "id"));
        var action = Text(body, "object_attributes", "action");
        var change = new ForgeChange(
            "gitlab",
            repository,
            number,
            Person(Number(body, "object_attributes", "author_id")),
            action is "merge" ? actor : null,
            action is "merge" ? MergedAs(body) : null
        );
        var state = action switch
        {
            "approved" or "approval" => ReviewState.Approved,
            "unapproved" or "unapproval" => ReviewState.Withdrawn,
            _ => (ReviewState?)null,
        };
        return state is { } said && actor is not null
            ? new ForgeNews.Reviewed(change, new(actor, said), Instant(body, "object_attributes", "updated_at") ?? now)
            : new ForgeNews.Changed(change);
    }

    /// <summary>A merge commit, a squashed one, or the last commit where the branch only moved forward.</summary>
    private static CommitId? MergedAs(JsonElement body) =>
        Commit(Text(body, "object_attributes", "merge_commit_sha"))
        ?? Commit(Text(body, "object_attributes", "squash_commit_sha"))
        ?? Commit(Text(body, "object_attributes", "last_commit", "id"));

    private static ForgeNews.Push Push(JsonElement body) =>
        new(
            Text(body, "ref") is { } name && name.StartsWith(Heads, StringComparison.Ordinal)
                ? name[Heads.Length..]
                : Text(body, "ref")
        );

    private static string? Person(long? id) => id is null ? null : FormattableString.Invariant($"user {id}");

    private static CommitId? Commit(string? text) => CommitId.TryCreate(text, out var commit) ? commit : null;

    private static string? Text(JsonElement from, params ReadOnlySpan<string> path) =>
        Find(from, path) is { ValueKind: JsonValueKind.String } found
        && SourceText.Shown(found.GetString()!, SourceText.LongestName) is { Length: > 0 } text
            ? text
            : null;

    private static long? Number(JsonElement from, params ReadOnlySpan<string> path) =>
        Find(from, path) is { ValueKind: JsonValueKind.Number } found && found.TryGetInt64(out var number)
            ? number
            : null;

    private static DateTimeOffset? Instant(JsonElement from, params ReadOnlySpan<string> path) =>
        DateTimeOffset.TryParse(
            Text(from, path),
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal,
            out var instant
        )
            ? instant
            : null;

    private static JsonElement? Find(JsonElement from, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (from.ValueKind is not JsonValueKind.Object || !from.TryGetProperty(name, out from))
            {
                return null;
            }
        }

        return from;
    }
}
