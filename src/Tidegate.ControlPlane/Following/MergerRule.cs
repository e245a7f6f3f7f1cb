namespace Tidegate.ControlPlane.Following;

/// <summary>Somebody other than its author brought a commit to the branch: the forge has said so, or else the e-mail addresses in git do.</summary>
internal static class MergerRule
{
    /// <summary>The committer of what GitHub itself merges: it says nothing of who pressed the button.</summary>
    private const string ForgeItself = "noreply@github.com";

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
            return (Emails([commit.Author]), Human(commit.Committer));
        }

        // The forge is the committer of what it merges, and the one who pressed the button its author.
        var merger = Human(commit.Committer) ?? Human(commit.Author);
        return (Emails(Merged(commit, evidence).Select(each => each.Author)), merger);
    }

    /// <summary>What a merge brought with it: what can be reached from its other parents and not from its first, within the range.</summary>
    private static IEnumerable<SourceCommit> Merged(SourceCommit merge, SourceEvidence evidence)
    {
        var range = evidence.Commits.ToDictionary(commit => commit.Id);
        var before = Reached(range, merge.Parents[..1]);
        return Reached(range, merge.Parents[1..]).Except(before).Select(id => range[id]);
    }

    private static HashSet<CommitId> Reached(Dictionary<CommitId, SourceCommit> range, IEnumerable<CommitId> from)
    {
        var reached = new HashSet<CommitId>();
        var open = new Stack<CommitId>(from);
        while (open.TryPop(out var id))
        {
            if (range.TryGetValue(id, out var commit) && reached.Add(id))
            {
                foreach (var parent in commit.Parents)
                {
                    open.Push(parent);
                }
            }
        }

        return reached;
    }

    private static string[] Emails(IEnumerable<string> people) =>
        [.. people.Select(Email).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];

    private static string? Human(string person) =>
        Email(person) is { } email && !string.Equals(email, ForgeItself, StringComparison.OrdinalIgnoreCase)
            ? email
            : null;

    private static string? Email(string person)
    {
        var (open, close) = (person.LastIndexOf('<'), person.LastIndexOf('>'));
        var email = open >= 0 && close > open ? person[(open + 1)..close].Trim() : "";
        return email.Length > 0 ? email : null;
    }
}
