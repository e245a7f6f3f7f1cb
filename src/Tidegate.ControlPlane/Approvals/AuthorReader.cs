using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>Who wrote what a release brings: the commits of the fleet that led to its being asked for, and the commit of the addons, by the forge's record.</summary>
public sealed class AuthorReader(TakenRangeStore taken, ForgeStore forges)
{
    public async Task<Authorship> OfAsync(
        EnvironmentTerms terms,
        ReleaseDigest release,
        ReleaseRecord? record,
        CancellationToken cancellationToken
    )
    {
        var ranges = await taken.SinceAsync(terms.Environment, release, cancellationToken);
        var addons = CommitId.TryCreate(record?.Commit, out var commit) ? commit : (CommitId?)null;
        var told = await forges.FindAsync(
            ranges
                .SelectMany(range => range.Commits)
                .Select(written => CommitId.Create(written.Id))
                .Concat(addons is { } id ? [id] : [])
                .Distinct(),
            cancellationToken
        );
        var fleet = AuthorsOfChange.Of(terms, ranges, told);
        var authors = told.Where(change => change.MergeCommit == addons)
            .Select(change => change.Author)
            .OfType<string>();
        return new(
            [.. fleet.Names.Concat(authors).Distinct(StringComparer.Ordinal)],
            fleet.Unknown ?? WhyUnknown(terms.Policy.Approvals.People, addons, authors)
        );
    }

    /// <summary>The addons' commit was seen by whoever built the release; only the forge says who wrote it.</summary>
    private static string? WhyUnknown(People people, CommitId? addons, IEnumerable<string> authors) =>
        addons is not { } commit ? "of which commit the release was built is not recorded."
        : authors.Any(author => people.OfAccount(author) is not null) ? null
        : $"no forge has told who wrote the addons' commit {commit.Short}.";
}
