using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Views;

namespace Tidegate.ControlPlane.Following;

/// <summary>What is taken of a branch, and what is in the way of its newest commit.</summary>
/// <param name="Acceptance">Null takes nothing.</param>
/// <param name="Fleet">The state of the commit that is taken.</param>
/// <param name="Changed">Pools and tenants that it changes.</param>
/// <param name="Finding">Why the newest commit is not the one that is taken; null when it is, or was before.</param>
public sealed record ChosenCommit(
    Acceptance? Acceptance,
    DesiredFleet? Fleet,
    ImmutableArray<UnsettledObject> Changed,
    SourceFinding? Finding
);

/// <summary>
/// Chooses the newest good state of a branch: the newest commit, or where that is refused the newest of the states
/// before it that the branch had, which would have been taken had it been asked in time.
/// </summary>
/// <remarks>For one round at a time.</remarks>
public sealed class CommitChoice(FactsReader facts, TimeProvider clock)
{
    /// <summary>How many states before the newest are tried.</summary>
    private const int MostBefore = 20;

    /// <summary>The last newest commit before which nothing was found to take, and what was in force then.</summary>
    private (CommitId Head, CommitId? Good)? _exhausted;

    /// <exception cref="IOException">A commit cannot be read here.</exception>
    public async Task<ChosenCommit> ChooseAsync(
        FollowedSource source,
        CommitId head,
        CancellationToken cancellationToken
    )
    {
        if (head == source.Good?.Id)
        {
            return new(null, null, [], null);
        }

        var known = await facts.ReadAsync(source, head, cancellationToken);
        switch (FollowingDecider.Decide(known))
        {
            case FollowingDecision.Accept accept:
                return Taken(accept, known, null);
            case FollowingDecision.Refuse { Finding: var finding }:
                return await BeforeAsync(source, known, finding, cancellationToken) ?? new(null, null, [], finding);
            default:
                return new(null, null, [], null);
        }
    }

    /// <summary>The newest state before a refused one that can be taken, along first parents.</summary>
    private async Task<ChosenCommit?> BeforeAsync(
        FollowedSource source,
        FollowingFacts head,
        SourceFinding finding,
        CancellationToken cancellationToken
    )
    {
        if (finding is SourceFinding.Rewritten || _exhausted == (head.Commit.Id, source.Good?.Id))
        {
            return null;
        }

        var range = head.Evidence.Commits.ToDictionary(commit => commit.Id);
        var next = head.Commit.Parents;
        for (var tried = 0; tried < MostBefore && next is [var id, ..] && range.ContainsKey(id); tried++)
        {
            var known = await facts.ReadAsync(source, id, cancellationToken);
            if (FollowingDecider.Decide(known) is FollowingDecision.Accept accept)
            {
                return Taken(accept, known, finding);
            }

            next = known.Commit.Parents;
        }

        _exhausted = (head.Commit.Id, source.Good?.Id);
        return null;
    }

    private ChosenCommit Taken(FollowingDecision.Accept accept, FollowingFacts known, SourceFinding? finding) =>
        new(
            AcceptancePlanner.Plan(accept, TakenRange.Of(known), known.Terms, clock.GetUtcNow()),
            accept.Fleet,
            Changed(accept),
            finding
        );

    private static ImmutableArray<UnsettledObject> Changed(FollowingDecision.Accept accept) =>
        accept.Changes is not { } changes
            ?
            [
                .. accept.Fleet.Pools.Select(pool => UnsettledObject.Of(pool.Name)),
                .. accept.Fleet.Tenants.Select(tenant => UnsettledObject.Of(tenant.Name)),
            ]
            :
            [
                .. changes
                    .Where(change =>
                        change.Kind is not ChangeKind.Removed && change.Noun is FleetNouns.Pool or FleetNouns.Tenant
                    )
                    .Select(change => new UnsettledObject(
                        change.Noun is FleetNouns.Pool ? UnsettledKind.Pool : UnsettledKind.Tenant,
                        change.Name
                    )),
            ];
}
