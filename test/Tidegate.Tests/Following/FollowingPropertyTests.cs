using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Policy;
using Tidegate.Tests.DesiredState;
using static Tidegate.Tests.Following.SourceCommits;

namespace Tidegate.Tests.Following;

/// <summary>What holds whatever a commit says, and however it came.</summary>
public sealed class FollowingPropertyTests
{
    private static readonly Gen<SourcePolicy> Policy = Gen.Select(
        Gen.Bool,
        Gen.Bool,
        Gen.Bool,
        (signed, merged, reviewed) =>
            new SourcePolicy
            {
                SignedBy = signed ? [Key] : [],
                OtherMerger = merged,
                Review = reviewed,
            }
    );

    private static readonly Gen<CommitSignature> Signature = Gen.Int[0, 4]
        .Select<int, CommitSignature>(drawn =>
            drawn switch
            {
                0 => new CommitSignature.None(),
                1 => new CommitSignature.Good(Key),
                2 => new CommitSignature.Good("SHA256:other"),
                3 => new CommitSignature.Bad("why."),
                _ => new CommitSignature.Unverifiable("why."),
            }
        );

    private static readonly Gen<string> Person = Gen.Int[0, 3]
        .Select(drawn => new[] { Ann, Bo, GitHub, "Nobody" }[drawn]);

    private static readonly Gen<SourceCommit[]> Commits = Gen.Select(
            Signature,
            Person,
            Person,
            Gen.Bool,
            (signature, author, committer, isMerge) => (signature, author, committer, isMerge)
        )
        .Array[1, 6]
        .Select(drawn =>
            drawn
                .Select(
                    (each, index) =>
                    {
                        var number = 100 + drawn.Length - index;
                        return Commit(
                            number,
                            each.author,
                            each.committer,
                            each.signature,
                            each.isMerge ? [number - 1, number - 2] : [number - 1]
                        );
                    }
                )
                .ToArray()
        );

    private static readonly Gen<FollowingFacts> Facts = Gen.Select(
        FleetGenerator.Fleet,
        FleetGenerator.Fleet,
        Gen.Select(Gen.Enum<HistoryRelation>(), Gen.Bool, Gen.Bool, Gen.Bool),
        Policy,
        Commits,
        (before, after, drawn, policy, commits) =>
        {
            var (relation, waived, broken, known) = drawn;
            var terms = before.Environments.Select(environment => new EnvironmentTerms(
                environment.Name,
                null,
                [],
                TimeSpan.Zero,
                EnvironmentPolicy.Default with
                {
                    Source = policy,
                },
                Id(1).Value,
                Ann,
                Noon
            ));
            return new FollowingFacts(
                commits[0],
                new GoodState(Id(1), known ? before : null),
                relation,
                waived,
                broken
                    ? new FleetReading.Broken([new("pools/a.yaml", 1, 1, "it is broken.")], 1)
                    : new FleetReading.Good(after),
                terms.ToImmutableDictionary(each => each.Environment),
                ImmutableDictionary<ReleaseName, ReleaseDigest>.Empty,
                Evidence(commits)
            );
        }
    );

    [Fact]
    public void Nothing_is_taken_of_a_broken_commit_or_of_one_that_does_not_come_after_the_last_good_one() =>
        Facts.Sample(facts =>
        {
            var isTaken = FollowingDecider.Decide(facts) is FollowingDecision.Accept;

            Assert.False(isTaken && facts.Reading is FleetReading.Broken);
            Assert.False(isTaken && facts.Relation is not HistoryRelation.Forward && !facts.IsWaived);
            Assert.False(isTaken && facts.Relation is HistoryRelation.Same);
        });

    [Fact]
    public void What_is_taken_passed_the_gate_of_every_environment_that_it_changes() =>
        Facts.Sample(facts =>
        {
            if (FollowingDecider.Decide(facts) is not FollowingDecision.Accept accept)
            {
                return;
            }

            foreach (
                var environment in ChangedEnvironments
                    .Of(facts.Good!.Fleet, accept.Fleet, accept.Changes, facts.Terms.Keys)
                    .Where(facts.Terms.ContainsKey)
            )
            {
                Assert.Equal(
                    GateVerdict.Pass,
                    SourceGate.Judge(facts.Terms[environment].Policy.Source, facts.Evidence).Verdict
                );
            }
        });

    [Fact]
    public void A_policy_that_asks_for_less_never_refuses_more() =>
        Gen.Select(Policy, Policy, Commits)
            .Sample(
                (one, other, commits) =>
                {
                    var both = new SourcePolicy
                    {
                        SignedBy = one.SignedBy.IsEmpty ? other.SignedBy : one.SignedBy,
                        OtherMerger = one.OtherMerger || other.OtherMerger,
                        Review = one.Review || other.Review,
                    };
                    if (SourceGate.Judge(both, Evidence(commits)).Verdict is GateVerdict.Pass)
                    {
                        Assert.Equal(GateVerdict.Pass, SourceGate.Judge(one, Evidence(commits)).Verdict);
                    }
                }
            );

    [Fact]
    public void Every_refusal_says_what_who_and_what_next() =>
        Facts.Sample(facts =>
        {
            if (FollowingDecider.Decide(facts) is not FollowingDecision.Refuse refusal)
            {
                return;
            }

            var blockers = SourceBlockers.Of(refusal.Finding, new("/srv/fleet.git", "main"), Noon);
            Assert.NotEmpty(blockers);
            Assert.Equal(
                blockers.Length,
                blockers.Select(blocker => (blocker.Subject, blocker.Code)).Distinct().Count()
            );
            Assert.All(
                blockers,
                blocker =>
                    Assert.DoesNotContain("", new[] { blocker.What, blocker.Clears, blocker.Next, blocker.Origin! })
            );
        });
}
