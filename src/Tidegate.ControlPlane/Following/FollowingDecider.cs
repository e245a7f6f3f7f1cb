using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Views;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Following;

/// <summary>Decides what a commit of the followed branch comes to. Either all of it is taken, or nothing.</summary>
public static class FollowingDecider
{
    public static FollowingDecision Decide(FollowingFacts facts)
    {
        if (facts.Good is { } good && facts.Relation is { } relation)
        {
            if (relation is HistoryRelation.Same)
            {
                return new FollowingDecision.Nothing();
            }

            if (relation is not HistoryRelation.Forward && !facts.IsWaived)
            {
                return Refuse(new SourceFinding.Rewritten(facts.Commit, good.Commit, relation));
            }
        }

        return facts.Reading switch
        {
            FleetReading.Broken broken => Refuse(new SourceFinding.Broken(facts.Commit, broken.Problems, broken.Count)),
            FleetReading.Good { Fleet: var fleet } => Judge(facts, fleet),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static FollowingDecision Judge(FollowingFacts facts, DesiredFleet fleet)
    {
        var replaced = fleet
            .Releases.Where(release => facts.Asked.TryGetValue(release.Name, out var asked) && asked != release.Digest)
            .Select(release => new ReplacedRelease(release.Name, facts.Asked[release.Name], release.Digest))
            .ToImmutableArray();
        if (!replaced.IsEmpty)
        {
            return Refuse(new SourceFinding.Replaced(facts.Commit, replaced));
        }

        ImmutableArray<ObjectChange>? changes = facts.Good?.Fleet is { } before
            ? DesiredFleetComparison.Compare(before, fleet)
            : null;
        var refused = ChangedEnvironments
            .Of(facts.Good?.Fleet, fleet, changes, facts.Terms.Keys)
            .Select(environment => new EnvironmentAnswer(
                environment,
                SourceGate.Judge(PolicyOf(environment, facts.Terms, fleet), facts.Evidence)
            ))
            .Where(answer => answer.Answer.Verdict is not GateVerdict.Pass)
            .ToImmutableArray();
        // Before the first there is no state that was protected: a person may say that this is the beginning.
        return refused.IsEmpty || (facts.Good is null && facts.IsWaived)
            ? new FollowingDecision.Accept(facts.Commit, fleet, changes)
            : Refuse(new SourceFinding.Unprotected(facts.Commit, refused) { IsFirst = facts.Good is null });
    }

    /// <summary>That of the last good state, so that no commit lifts its own protection; of a new environment its own.</summary>
    private static SourcePolicy PolicyOf(
        EnvironmentName environment,
        ImmutableDictionary<EnvironmentName, EnvironmentTerms> terms,
        DesiredFleet fleet
    ) =>
        terms.TryGetValue(environment, out var known)
            ? known.Policy.Source
            : fleet.PolicyOf(fleet.Environments[environment]).Source;

    private static FollowingDecision.Refuse Refuse(SourceFinding finding) => new(finding);
}
