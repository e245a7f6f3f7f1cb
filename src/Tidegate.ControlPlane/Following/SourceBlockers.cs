using System.Collections.Immutable;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Following;

/// <summary>What keeps a followed repository's state from being taken, as blockers.</summary>
public static class SourceBlockers
{
    /// <summary>The subject of what concerns the repository as a whole.</summary>
    public const string Subject = "source/fleet";

    /// <summary>A repository that does not answer once may be restarted; so many times in a row is told.</summary>
    public const int PatientFailures = 3;

    /// <summary>How many problems of a broken commit are told in its blocker.</summary>
    private const int ToldProblems = 3;

    /// <summary>Whether the repository answers.</summary>
    /// <param name="failures">How often in a row it did not, this time included.</param>
    /// <param name="since">When it did not for the first time.</param>
    public static ImmutableArray<Blocker> OfFetch(
        FetchResult result,
        SourceAddress source,
        GoodCommit? good,
        int failures,
        DateTimeOffset since
    ) =>
        result switch
        {
            // Before anything was taken somebody has just named it, and waits to hear that it is wrong.
            FetchResult.Unreachable unreachable when good is null || failures >= PatientFailures =>
            [
                new(
                    Subject,
                    "source-unreachable",
                    $"{source.Repository} does not answer: {unreachable.Why}{Stays(good)}",
                    since,
                    null,
                    "whoever runs the repository",
                    "make it answer; it is asked again and again, and the newest good state is taken then",
                    Origin(good)
                ),
            ],
            FetchResult.NoBranch =>
            [
                new(
                    Subject,
                    "source-no-branch",
                    $"{source.Repository} has no branch {source.Branch}.{Stays(good)}",
                    since,
                    null,
                    "whoever may push to the repository",
                    $"push {source.Branch} again, or follow another branch: tidegate fleet unfollow, then tidegate fleet follow --branch",
                    Origin(good)
                ),
            ],
            _ => [],
        };

    /// <summary>A round ended in the middle, by no fault of the repository's.</summary>
    public static Blocker OfFailure(string why, DateTimeOffset now) =>
        new(
            Subject,
            "source-failed",
            $"following failed: {why}",
            now,
            null,
            "whoever runs the control plane",
            "its log has the details; it is tried again and again"
        );

    /// <summary>Why nothing of a commit is taken.</summary>
    public static ImmutableArray<Blocker> Of(SourceFinding finding, SourceAddress source, DateTimeOffset now) =>
        finding switch
        {
            SourceFinding.Rewritten rewritten => [Blocker(rewritten, source, now)],
            SourceFinding.Broken broken => [Blocker(broken, now)],
            SourceFinding.Replaced replaced => [Blocker(replaced, now)],
            SourceFinding.Unprotected unprotected =>
            [
                .. unprotected.Answers.SelectMany(answer =>
                    answer.Answer.Reasons.Select(reason => Blocker(unprotected, answer, reason, now))
                ),
            ],
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary><c>commit 4cea22eb4978 of Ann Lee &lt;ann@example.com&gt;: Promote 2026.11.2</c>.</summary>
    public static string Origin(SourceCommit commit) => $"commit {SourceReasons.Named(commit)}: {commit.Subject}";

    private static Blocker Blocker(SourceFinding.Rewritten finding, SourceAddress source, DateTimeOffset now)
    {
        var how =
            finding.Relation is HistoryRelation.Backward
                ? $"was taken back to {finding.Commit.Id.Short}, a commit before {finding.Good.Short}"
                : $"was written anew: {finding.Commit.Id.Short} does not come after {finding.Good.Short}";
        return new(
            Subject,
            "source-rewritten",
            $"branch {source.Branch} {how}, whose state is in force.",
            now,
            null,
            SourceReasons.FleetChanger,
            $"push the old history again, or take the new one: tidegate fleet accept {finding.Commit.Id} --reason WHY",
            Origin(finding.Commit)
        );
    }

    private static Blocker Blocker(SourceFinding.Broken finding, DateTimeOffset now)
    {
        var told = string.Join(" ", finding.Problems.Take(ToldProblems));
        var more = finding.Count - Math.Min(finding.Problems.Length, ToldProblems);
        return new(
            Subject,
            "source-broken",
            $"{told}{(more > 0 ? FormattableString.Invariant($" {more} more problems.") : "")} Nothing of the commit is taken.",
            now,
            null,
            $"{finding.Commit.Author}, or whoever corrects it",
            "correct it in a further commit; tidegate fleet validate tells every problem before it is merged",
            Origin(finding.Commit)
        );
    }

    private static Blocker Blocker(SourceFinding.Replaced finding, DateTimeOffset now)
    {
        var release = finding.Releases[0];
        var more =
            finding.Releases.Length > 1
                ? FormattableString.Invariant($" So it is with {finding.Releases.Length - 1} more.")
                : "";
        return new(
            Subject,
            "release-replaced",
            $"releases/{release.Name}.yaml says {release.Said.Short}…, but environments have asked for it as {release.Asked.Short}…: a release never becomes another one.{more}",
            now,
            null,
            $"{finding.Commit.Author}, or whoever corrects it",
            "give the old digest back to that file, and the new content a new release name",
            Origin(finding.Commit)
        );
    }

    private static Blocker Blocker(
        SourceFinding.Unprotected finding,
        EnvironmentAnswer answer,
        GateReason reason,
        DateTimeOffset now
    ) =>
        new(
            $"environment/{answer.Environment}",
            reason.Code,
            reason.What,
            now,
            reason.Until,
            reason.Clears,
            finding.IsFirst
                ? $"{reason.Next}; or begin with it: tidegate fleet accept {finding.Commit.Id} --reason WHY"
                : reason.Next,
            Origin(finding.Commit)
        );

    private static string Stays(GoodCommit? good) =>
        good is null ? "" : $" The state of {good.Id.Short} stays in force.";

    private static string? Origin(GoodCommit? good) =>
        good is null ? null : $"last good commit {good.Id.Short} of {good.Author}: {good.Subject}";
}
