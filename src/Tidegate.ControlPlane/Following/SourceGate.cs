using System.Collections.Immutable;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Following;

/// <summary>Whether commits came to the branch in the way that an environment's policy asks for. What cannot be told never passes.</summary>
public static class SourceGate
{
    public const string Name = "source";

    /// <param name="policy">Of the environment before the change; of a new environment its own.</param>
    public static GateAnswer Judge(SourcePolicy policy, SourceEvidence evidence)
    {
        if (policy.AsksNothing)
        {
            return GateAnswer.Pass(Name);
        }

        var reasons = new SourceReasons();
        if (evidence.Commits.Length < evidence.Count)
        {
            reasons.Unknown(
                new(
                    "source-history-long",
                    FormattableString.Invariant(
                        $"there are {evidence.Count} commits since the last good one, more than the {evidence.Commits.Length} that are looked at."
                    ),
                    SourceReasons.FleetChanger,
                    "follow the repository anew: tidegate fleet unfollow, then tidegate fleet follow"
                )
            );
        }

        if (!policy.SignedBy.IsEmpty)
        {
            SignatureRule.Judge(policy.SignedBy, evidence, reasons);
        }

        var delivered = Delivered(evidence);
        foreach (var commit in policy.OtherMerger ? delivered : [])
        {
            MergerRule.Judge(commit, evidence, reasons);
        }

        foreach (var commit in policy.Review ? delivered : [])
        {
            ReviewRule.Judge(commit, evidence, reasons);
        }

        return reasons.Answer(Name);
    }

    /// <summary>The states that the branch itself had, along first parents, as far as they changed the fleet: each was brought there by somebody.</summary>
    private static ImmutableArray<SourceCommit> Delivered(SourceEvidence evidence)
    {
        var range = evidence.Commits.ToDictionary(commit => commit.Id);
        var delivered = ImmutableArray.CreateBuilder<SourceCommit>();
        for (
            var commit = evidence.Commits.FirstOrDefault();
            commit is not null;
            commit = commit.Parents is [var first, ..] ? range.GetValueOrDefault(first) : null
        )
        {
            if (!evidence.Untouching.Contains(commit.Id))
            {
                delivered.Add(commit);
            }
        }

        return delivered.ToImmutable();
    }
}
