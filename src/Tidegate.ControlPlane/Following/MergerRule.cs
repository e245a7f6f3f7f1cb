namespace Tidegate.ControlPlane.Following;

/// <summary>Somebody other than its author brought a commit to the branch: the forge has said so, or else the e-mail addresses in git do.</summary>
internal static class MergerRule
{
    private const string Clears = "somebody other than the author";

    public static void Judge(SourceCommit commit, SourceEvidence evidence, SourceReasons reasons)
    {
        var change = evidence.Changes.FirstOrDefault(change => change.MergeCommit == commit.Id);
        var (authors, merger) = change is null
            ? OfGit(commit, evidence)
            : (change.Author is { } author ? [author] : Array.Empty<string>(), change.MergedBy);
        var named = SourceReasons.Named(commit);
        if (authors.Count == 0 || merger is null)
        {
            reasons.Unknown(
                new(
                    "merger-unknown",
                    $"who merged commit {named} cannot be told.",
                    Clears,
                    "have the forge tell of its merges (docs/gitops.md), or merge the change again"
                )
            );
        }
        else if (authors.Contains(merger, StringComparer.OrdinalIgnoreCase))
        {
            reasons.Wrong(
                new(
                    "merged-by-author",
                    $"commit {named} was brought to the branch by {merger}, who wrote it.",
                    Clears,
                    "revert it, and let somebody other than its author merge it again"
                )
            );
        }
    }

    private static (IReadOnlyCollection<string> Authors, string? Merger) OfGit(
        SourceCommit commit,
        SourceEvidence evidence
    )
    {
        if (commit.Parents.Length < 2)
        {
            // Applied by somebody: a squash, a rebase, or a push by the author.
            return (Emails([commit.Author]), GitPerson.Human(commit.Committer));
        }

        // The forge is the committer of what it merges, and the one who pressed the button its author.
        var merger = GitPerson.Human(commit.Committer) ?? GitPerson.Human(commit.Author);
        return (Emails(Merged(commit, evidence).Select(each => each.Author)), merger);
    }

    private static IEnumerable<SourceCommit> Merged(SourceCommit merge, SourceEvidence evidence)
    {
        var range = evidence.Commits.ToDictionary(commit => commit.Id);
        return new CommitGraph<CommitId>(range.ToDictionary(each => each.Key, each => each.Value.Parents))
            .BroughtInBy(merge.Id)
            .Select(id => range[id]);
    }

    private static string[] Emails(IEnumerable<string> people) =>
        [.. people.Select(GitPerson.Email).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
}
