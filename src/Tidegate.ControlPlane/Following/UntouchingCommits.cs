using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;

namespace Tidegate.ControlPlane.Following;

/// <summary>Finds commits whose fleet is that of their first parent: in a repository that holds other things too, these need no protection.</summary>
internal sealed class UntouchingCommits(IFleetSource repository, SourceAddress address)
{
    /// <summary>So many are compared; of further ones it is taken that they change the fleet.</summary>
    private const int Most = 100;

    private readonly Dictionary<CommitId, ImmutableArray<FleetFile>?> _listings = [];

    public async Task<ImmutableHashSet<CommitId>> FindAsync(
        IEnumerable<SourceCommit> commits,
        CancellationToken cancellationToken
    )
    {
        var untouching = ImmutableHashSet.CreateBuilder<CommitId>();
        foreach (var commit in commits.Where(commit => !commit.Parents.IsEmpty).Take(Most))
        {
            if (
                await ListAsync(commit.Id, cancellationToken) is { } files
                && await ListAsync(commit.Parents[0], cancellationToken) is { } before
                && files.All(file => file.ContentId is not null)
                && files.SequenceEqual(before)
            )
            {
                untouching.Add(commit.Id);
            }
        }

        return untouching.ToImmutable();
    }

    private async Task<ImmutableArray<FleetFile>?> ListAsync(CommitId commit, CancellationToken cancellationToken)
    {
        if (!_listings.TryGetValue(commit, out var listing))
        {
            try
            {
                var files = await repository.FilesAsync(address, commit, cancellationToken);
                listing = [.. files.List().OrderBy(file => file.Path, StringComparer.Ordinal)];
            }
            catch (IOException)
            {
                listing = null; // its parent was cut off: it counts as a change
            }

            _listings.Add(commit, listing);
        }

        return listing;
    }
}
