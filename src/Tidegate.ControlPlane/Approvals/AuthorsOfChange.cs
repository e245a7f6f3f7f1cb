using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>
/// Who wrote what comes, in the fleet and in the addons: everybody who is named by any commit that led there, over every
/// parent of every merge, so that nobody hides behind a commit that somebody else put on top. A name in a commit is a claim:
/// whoever is named does not count, and nothing is proven by it.
/// </summary>
public static class AuthorsOfChange
{
    /// <param name="fleet">What was taken since the environment took something else.</param>
    /// <param name="addons">What is new in the addons.</param>
    /// <param name="told">What forges have told of changes that became one of the commits.</param>
    public static Authorship Of(
        EnvironmentTerms terms,
        IReadOnlyCollection<TakenRange> fleet,
        TakenRange addons,
        IReadOnlyCollection<ForgeChange> told
    )
    {
        var people = terms.Policy.Approvals.People;
        var commits = fleet
            .Append(addons)
            .SelectMany(range => range.Commits)
            .DistinctBy(commit => commit.Id, StringComparer.Ordinal)
            .ToList();
        var ids = commits.Select(commit => commit.Id).ToHashSet(StringComparer.Ordinal);
        var changes = told.Where(change => change.MergeCommit is { } id && ids.Contains(id.Value)).ToList();
        return new(
            [
                .. commits
                    .SelectMany(commit =>
                        new[] { commit.Author, commit.Committer }.Select(GitPerson.Human).Append(commit.Key)
                    )
                    .Append(GitPerson.Human(terms.Author))
                    .Concat(changes.Select(change => change.Author))
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal),
            ],
            WhyUnknown(terms, fleet, addons, commits, Proven(commits, changes, people))
        );
    }

    /// <summary>Commits of which a forge has told who opened the change that they came in with: it has checked who that was.</summary>
    private static HashSet<string> Proven(
        IReadOnlyCollection<WrittenCommit> commits,
        IEnumerable<ForgeChange> changes,
        People people
    )
    {
        var graph = new CommitGraph<string>(
            commits.ToDictionary(commit => commit.Id, commit => commit.Parents, StringComparer.Ordinal)
        );
        var proven = new HashSet<string>(StringComparer.Ordinal);
        foreach (
            var change in changes.Where(change => change.Author is { } author && people.OfAccount(author) is not null)
        )
        {
            var merge = change.MergeCommit!.Value.Value;
            proven.Add(merge);
            proven.UnionWith(graph.BroughtInBy(merge));
        }

        return proven;
    }

    private static string? WhyUnknown(
        EnvironmentTerms terms,
        IReadOnlyCollection<TakenRange> fleet,
        TakenRange addons,
        List<WrittenCommit> commits,
        HashSet<string> proven
    )
    {
        var people = terms.Policy.Approvals.People;
        var unproven = commits.Find(commit =>
            !proven.Contains(commit.Id) && (commit.Key is not { } key || people.OfKey(key) is null)
        );
        return unproven switch
            {
                { Key: null } =>
                    $"commit {Short(unproven.Id)} has no signature that fits, and no forge has told of its author.",
                { } => $"commit {Short(unproven.Id)} is signed by a key of nobody in the fleet's people.",
                null => null,
            }
            ?? (fleet.Count == 0 ? $"how the branch came to commit {Short(terms.Commit)} was not kept." : null)
            ?? fleet
                .Append(addons)
                .Where(range => range.Unread is not null)
                .Select(range => $"{range.Unread}.")
                .FirstOrDefault();
    }

    private static string Short(string commit) => commit.Length > 12 ? commit[..12] : commit;
}
