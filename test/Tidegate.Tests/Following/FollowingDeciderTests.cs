using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Policy;
using Tidegate.TestKit;
using Tidegate.Tests.DesiredState;
using static Tidegate.Tests.Following.SourceCommits;

namespace Tidegate.Tests.Following;

public sealed class FollowingDeciderTests
{
    private static readonly EnvironmentName Production = new("production");
    private static readonly SourceAddress Source = new("/srv/fleet.git", "main");

    [Fact]
    public void The_first_good_commit_is_taken_and_everything_counts_as_new()
    {
        var accept = Accepted(Facts(MemoryFiles.Example()) with { Good = null, Relation = null });

        Assert.Null(accept.Changes);
        Assert.Equal(2, accept.Fleet.Tenants.Count);
    }

    [Fact]
    public void The_commit_that_was_taken_last_changes_nothing() =>
        Assert.IsType<FollowingDecision.Nothing>(
            FollowingDecider.Decide(Facts(MemoryFiles.Example()) with { Relation = HistoryRelation.Same })
        );

    [Fact]
    public void A_commit_that_changes_a_tenant_is_taken_with_that_change_alone()
    {
        var files = MemoryFiles.Example();
        files.Put(
            "tenants/shop-oslo.yaml",
            files.Text("tenants/shop-oslo.yaml").Replace("Europe/Oslo", "Europe/Rome", StringComparison.Ordinal)
        );

        var change = Assert.Single(Accepted(Facts(files)).Changes!.Value);

        Assert.Equal(("tenant", "shop-oslo"), (change.Noun, change.Name));
    }

    [Fact]
    public void A_broken_commit_is_a_blocker_with_commit_author_file_and_line()
    {
        var files = MemoryFiles.Example().Put("pools/shared.yaml", "site: local\nenvironment: production\nworker: 4\n");

        var blocker = Assert.Single(SourceBlockers.Of(Refused(Facts(files)), Source, Noon));

        Assert.Equal("source-broken", blocker.Code);
        Assert.StartsWith("pools/shared.yaml:3:1: ", blocker.What, StringComparison.Ordinal);
        Assert.Equal($"commit {Id(2).Short} of {Ann}: Change 2", blocker.Origin);
    }

    [Theory]
    [InlineData(HistoryRelation.Backward, "was taken back to")]
    [InlineData(HistoryRelation.Diverged, "was written anew")]
    public void A_branch_that_does_not_go_forward_waits_for_a_person(HistoryRelation relation, string how)
    {
        var facts = Facts(MemoryFiles.Example()) with { Relation = relation };

        var blocker = Assert.Single(SourceBlockers.Of(Refused(facts), Source, Noon));
        Assert.Contains(how, blocker.What, StringComparison.Ordinal);
        Assert.Contains($"tidegate fleet accept {Id(2)} --reason WHY", blocker.Next, StringComparison.Ordinal);

        Assert.IsType<FollowingDecision.Accept>(FollowingDecider.Decide(facts with { IsWaived = true }));
    }

    [Fact]
    public void A_release_never_becomes_another_one_once_an_environment_asked_for_it()
    {
        var asked = ImmutableDictionary<ReleaseName, ReleaseDigest>.Empty.Add(new("2026.11.1"), Plans.Digest('1'));

        var replaced = Assert.IsType<SourceFinding.Replaced>(
            Refused(Facts(MemoryFiles.Example()) with { Asked = asked })
        );

        Assert.Equal([new ReplacedRelease(new("2026.11.1"), Plans.Digest('1'), Plans.Digest('0'))], replaced.Releases);
    }

    [Fact]
    public void A_commit_cannot_lift_its_own_protection()
    {
        // The policy of now asks for a signature; the commit's own would not.
        var protectedTerms = Terms(new SourcePolicy { SignedBy = [Key] });
        var files = MemoryFiles
            .Example()
            .Put("policies/careful.yaml", "gates:\n  validation: required\nsource:\n  signedBy: []\n");

        var finding = Refused(Facts(files) with { Terms = protectedTerms });

        Assert.Equal(
            [Production],
            Assert.IsType<SourceFinding.Unprotected>(finding).Answers.Select(answer => answer.Environment)
        );
        Assert.Equal(
            ("environment/production", "commit-not-signed"),
            Assert.Single(SourceBlockers.Of(finding, Source, Noon)) is var blocker
                ? (blocker.Subject, blocker.Code)
                : default
        );
    }

    [Fact]
    public void An_environment_that_is_not_changed_asks_for_nothing()
    {
        var files = MemoryFiles.Example().Put("pools/staging.yaml", "site: local\nenvironment: staging\nworkers: 3\n");

        Accepted(Facts(files) with { Terms = Terms(new SourcePolicy { SignedBy = [Key] }) });
    }

    [Fact]
    public void A_tenant_that_leaves_a_protected_environment_needs_its_protection()
    {
        var files = MemoryFiles.Example();
        files.Put(
            "tenants/shop-oslo.yaml",
            files.Text("tenants/shop-oslo.yaml").Replace("pool: shared", "pool: staging", StringComparison.Ordinal)
        );

        Assert.IsType<SourceFinding.Unprotected>(
            Refused(Facts(files) with { Terms = Terms(new SourcePolicy { SignedBy = [Key] }) })
        );
    }

    [Fact]
    public void A_new_environment_brings_its_own_protection()
    {
        var files = MemoryFiles
            .Example()
            .Put("environments/pilot.yaml", "policy: strict\n")
            .Put("policies/strict.yaml", "source:\n  otherMerger: true\n");

        var finding = Assert.IsType<SourceFinding.Unprotected>(Refused(Facts(files)));

        Assert.Equal(["pilot"], finding.Answers.Select(answer => answer.Environment.Value));
    }

    [Fact]
    public void Where_the_last_good_state_cannot_be_read_any_more_every_environment_counts_as_changed() =>
        Assert.IsType<SourceFinding.Unprotected>(
            Refused(
                Facts(MemoryFiles.Example()) with
                {
                    Good = new(Id(1), null),
                    Terms = Terms(new SourcePolicy { Review = true }),
                }
            )
        );

    /// <summary>Commit 2 of Ann with these files, on top of commit 1 with those of the example.</summary>
    internal static FollowingFacts Facts(MemoryFiles files) =>
        new(
            Commit(2),
            new GoodState(Id(1), MemoryFiles.Example().Fleet()),
            HistoryRelation.Forward,
            IsWaived: false,
            files.Reading(),
            ImmutableDictionary<EnvironmentName, EnvironmentTerms>.Empty,
            ImmutableDictionary<ReleaseName, ReleaseDigest>.Empty,
            Evidence(Commit(2))
        );

    private static ImmutableDictionary<EnvironmentName, EnvironmentTerms> Terms(SourcePolicy source) =>
        ImmutableDictionary<EnvironmentName, EnvironmentTerms>.Empty.Add(
            Production,
            new(
                Production,
                null,
                [],
                TimeSpan.Zero,
                EnvironmentPolicy.Default with
                {
                    Source = source,
                },
                Id(1).Value,
                Ann,
                Noon
            )
        );

    private static FollowingDecision.Accept Accepted(FollowingFacts facts) =>
        Assert.IsType<FollowingDecision.Accept>(FollowingDecider.Decide(facts));

    private static SourceFinding Refused(FollowingFacts facts) =>
        Assert.IsType<FollowingDecision.Refuse>(FollowingDecider.Decide(facts)).Finding;
}
