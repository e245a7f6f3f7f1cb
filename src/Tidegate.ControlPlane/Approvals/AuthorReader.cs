using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>Who wrote what a release brings: the commits of the fleet that led to its being asked for, and those of the addons that are new with it.</summary>
public sealed class AuthorReader(TakenRangeStore taken, ReleaseStore releases, ForgeStore forges)
{
    public async Task<Authorship> OfAsync(
        EnvironmentTerms terms,
        ReleaseDigest release,
        ReleaseRecord? record,
        CancellationToken cancellationToken
    )
    {
        var fleet = await taken.SinceAsync(terms.Environment, release, cancellationToken);
        var (now, before) = await releases.AddonsAsync(terms.Environment, release, cancellationToken);
        var addons = now.IsEmpty ? Unrecorded(record?.Commit) : AddonsRange.Between(now, before);
        var told = await forges.FindAsync(
            fleet
                .Append(addons)
                .SelectMany(range => range.Commits)
                .Select(written => CommitId.Create(written.Id))
                .Distinct(),
            cancellationToken
        );
        return AuthorsOfChange.Of(terms, fleet, addons, told);
    }

    private static TakenRange Unrecorded(string? commit) =>
        new(
            [],
            CommitId.TryCreate(commit, out var id)
                ? $"which commits led to the addons' commit {id.Short} is not recorded"
                : "of which commit the release was built is not recorded"
        );
}
