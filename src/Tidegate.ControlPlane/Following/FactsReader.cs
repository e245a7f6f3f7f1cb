using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Following;

/// <summary>Reads all that the decider asks of a commit.</summary>
public sealed class FactsReader(
    IFleetSource repository,
    FollowedFleets fleets,
    SourceStore store,
    ForgeStore forges,
    EnvironmentTermsStore terms
)
{
    /// <summary>How many commits since the last good one are looked at.</summary>
    private const int MostCommits = 1000;

    /// <exception cref="IOException">The commit is not here.</exception>
    public async Task<FollowingFacts> ReadAsync(
        FollowedSource source,
        CommitId commit,
        CancellationToken cancellationToken
    )
    {
        var address = source.Address;
        var good = source.Good is { } last
            ? new GoodState(
                last.Id,
                (await fleets.GoodAsync(address, last.Id, cancellationToken) as FleetReading.Good)?.Fleet
            )
            : null;
        var history = await HistoryAsync(address, good?.Commit, commit, cancellationToken);
        var reading = await fleets.ReadAsync(address, commit, cancellationToken);
        var known = (await terms.ListAsync(cancellationToken)).ToImmutableDictionary(each => each.Environment);
        return new(
            await CommitAsync(address, commit, history, cancellationToken),
            good,
            good is null ? null : history.Relation,
            source.Waived == commit,
            reading,
            known,
            await store.AskedReleasesAsync(cancellationToken),
            await EvidenceAsync(address, history, IsProtected(known, reading), cancellationToken)
        );
    }

    private async Task<SourceHistory> HistoryAsync(
        SourceAddress address,
        CommitId? good,
        CommitId commit,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await repository.HistoryAsync(address, good, commit, MostCommits, cancellationToken);
        }
        catch (IOException) when (good is not null)
        {
            // The last good commit is not in the repository any more, so that nothing comes after it; and what lies
            // between cannot be told.
            var alone = await repository.HistoryAsync(address, null, commit, MostCommits, cancellationToken);
            return new(HistoryRelation.Diverged, alone.Commits, alone.Count + 1);
        }
    }

    private async Task<SourceCommit> CommitAsync(
        SourceAddress address,
        CommitId commit,
        SourceHistory history,
        CancellationToken cancellationToken
    ) =>
        history.Commits.FirstOrDefault(each => each.Id == commit)
        ?? (await repository.HistoryAsync(address, null, commit, 1, cancellationToken)).Commits[0];

    private async Task<SourceEvidence> EvidenceAsync(
        SourceAddress address,
        SourceHistory history,
        bool isAsked,
        CancellationToken cancellationToken
    ) =>
        new(history.Commits, history.Count)
        {
            Changes = isAsked
                ? await forges.FindAsync(history.Commits.Select(commit => commit.Id), cancellationToken)
                : [],
            Untouching = isAsked
                ? await new UntouchingCommits(repository, address).FindAsync(history.Commits, cancellationToken)
                : [],
        };

    /// <summary>Whether any environment, before or after, asks how commits came to the branch.</summary>
    private static bool IsProtected(
        ImmutableDictionary<Fleet.EnvironmentName, EnvironmentTerms> known,
        FleetReading reading
    ) =>
        known
            .Values.Select(each => each.Policy)
            .Concat(reading is FleetReading.Good good ? good.Fleet.Policies : [])
            .Any(policy => !policy.Source.AsksNothing);
}
