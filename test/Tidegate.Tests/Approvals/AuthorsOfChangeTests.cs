using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Policy;
using Tidegate.Tests.Following;

namespace Tidegate.Tests.Approvals;

public sealed class AuthorsOfChangeTests
{
    private const string Key = "SHA256:ann";

    private static readonly TakenRange Nothing = new([], null);

    private static readonly string[] Writers = ["ann", "bo", "cy"];

    /// <summary>Commits 1 to n, each made on one or two of those before it, or on what lies before the range.</summary>
    private static readonly Gen<ImmutableArray<WrittenCommit>> AnyRange = Gen.Select(
            Gen.Int[0, 2],
            Gen.Int[0, 2],
            Gen.Int[1, 6],
            Gen.Int[0, 6],
            Gen.Bool
        )
        .Array[1, 8]
        .Select(drawn =>
            drawn
                .Select(
                    (each, place) =>
                        Commit(
                            place + 1,
                            Writers[each.Item1],
                            Writers[each.Item2],
                            each.Item5 ? Key : null,
                            each.Item4 == 0
                                ? [Math.Max(0, place + 1 - each.Item3)]
                                : [Math.Max(0, place + 1 - each.Item3), Math.Max(0, place + 1 - each.Item4)]
                        )
                )
                .Reverse()
                .ToImmutableArray()
        );

    [Fact]
    public void Whoever_wrote_or_made_any_commit_is_an_author()
    {
        var authors = Of([], Commit(3, "ann", "ann", Key, 2), Commit(2, "bo", "cy", Key, 1));

        Assert.Equal(["ann@example.com", Key, "bo@example.com", "cy@example.com"], authors.Names);
        Assert.Null(authors.Unknown);
    }

    [Fact]
    public void One_commit_that_nothing_proves_leaves_it_unknown()
    {
        var unsigned = Of([], Commit(3, "ann", "ann", Key, 2), Commit(2, "bo", "bo", null, 1));
        var stranger = Of([], Commit(3, "ann", "ann", Key, 2), Commit(2, "bo", "bo", "SHA256:mallory", 1));

        Assert.Equal(
            "commit 000000000000 has no signature that fits, and no forge has told of its author.",
            unsigned.Unknown
        );
        Assert.Equal("commit 000000000000 is signed by a key of nobody in the fleet's people.", stranger.Unknown);
    }

    [Fact]
    public void What_a_forge_has_told_of_a_change_proves_what_came_in_with_it_and_nothing_else()
    {
        var merge = Commit(5, "ann", "ann", null, 2, 4);
        var brought = new[] { Commit(4, "bo", "bo", null, 3), Commit(3, "bo", "bo", null, 1) };
        var beside = Commit(2, "cy", "cy", null, 1);
        var told = new ForgeChange("github", "shops/fleet", 12, "bo-admin", "ann", SourceCommits.Id(5));

        Assert.Null(Of([told], [merge, .. brought]).Unknown);
        Assert.Contains("bo-admin", Of([told], [merge, .. brought]).Names);
        Assert.NotNull(Of([told], [merge, .. brought, beside]).Unknown);
        Assert.NotNull(Of([told with { Author = "stranger" }], [merge, .. brought]).Unknown);
        Assert.NotNull(Of([told with { MergeCommit = SourceCommits.Id(9) }], [merge, .. brought]).Unknown);
    }

    [Fact]
    public void What_is_not_all_there_leaves_it_unknown()
    {
        var signed = Commit(2, "ann", "ann", Key, 1);

        Assert.Equal(
            "how the branch came to commit c was not kept.",
            AuthorsOfChange.Of(Terms, [], Nothing, []).Unknown
        );
        Assert.Equal(
            "the branch was written anew.",
            AuthorsOfChange.Of(Terms, [new([signed], "the branch was written anew")], Nothing, []).Unknown
        );
        Assert.NotNull(
            AuthorsOfChange
                .Of(Terms, [new([Commit(3, "ann", "ann", Key, 2)], null), new([signed], "it was cut")], Nothing, [])
                .Unknown
        );
    }

    [Fact]
    public void The_addons_commits_count_as_the_fleets_do()
    {
        TakenRange fleet = new([Commit(2, "ann", "ann", Key, 1)], null);
        TakenRange signed = new([Commit(12, "cy", "bo", Key, 11)], null);

        Assert.Equal(
            ["ann@example.com", Key, "cy@example.com", "bo@example.com"],
            AuthorsOfChange.Of(Terms, [fleet], signed, []).Names
        );
        Assert.Null(AuthorsOfChange.Of(Terms, [fleet], signed, []).Unknown);
        Assert.Equal(
            "they were cut.",
            AuthorsOfChange.Of(Terms, [fleet], signed with { Unread = "they were cut" }, []).Unknown
        );
        Assert.NotNull(AuthorsOfChange.Of(Terms, [fleet], new([Commit(12, "cy", "bo", null, 11)], null), []).Unknown);
    }

    [Fact]
    public void A_forge_that_made_a_commit_is_nobody()
    {
        var merge = Commit(5, "ann", "ann", null, 2) with { Committer = SourceCommits.GitHub };
        var told = new ForgeChange("github", "shops/fleet", 12, "ann-admin", "ann", SourceCommits.Id(5));

        Assert.Equal(["ann@example.com", "ann-admin"], Of([told], merge).Names);
        Assert.Null(Of([told], merge).Unknown);
    }

    [Fact]
    public void Of_very_many_commits_at_once_everybody_is_known_who_wrote_one()
    {
        var many = Enumerable.Range(1, 900).Reverse().Select(number => SourceCommits.Commit(number)).ToArray();
        many[^1] = SourceCommits.Commit(1, author: SourceCommits.Bo);
        var facts = new FollowingFacts(
            many[0],
            new GoodState(SourceCommits.Id(0), Fleet: null),
            HistoryRelation.Forward,
            IsWaived: false,
            new FleetReading.Broken([], 0),
            ImmutableDictionary<EnvironmentName, EnvironmentTerms>.Empty,
            ImmutableDictionary<ReleaseName, ReleaseDigest>.Empty,
            SourceCommits.Evidence(many)
        );

        var range = TakenRange.Of(facts);

        Assert.Equal(2, range.Commits.Length);
        Assert.NotNull(range.Unread);
        Assert.Contains("bo@example.com", AuthorsOfChange.Of(Terms, [range], Nothing, []).Names);
        Assert.Null(TakenRange.Of(facts with { Evidence = SourceCommits.Evidence(many[..200]) }).Unread);
    }

    [Fact]
    public void Another_commit_takes_no_author_away_and_proves_nothing() =>
        Gen.Select(AnyRange, Gen.Int[0, 8])
            .Sample(
                (range, kept) =>
                {
                    var (all, some) = (Of([], [.. range]), Of([], [.. range.Take(Math.Max(1, kept))]));
                    return some.Names.ToHashSet(StringComparer.Ordinal).IsSubsetOf(all.Names)
                        && (some.Unknown is null || all.Unknown is not null);
                }
            );

    [Fact]
    public void The_order_of_commits_and_how_they_came_in_turns_changes_nothing() =>
        Gen.Select(AnyRange, Gen.Int[0, 8])
            .Sample(
                (range, first) =>
                {
                    var whole = Of([], [.. range]);
                    var turned = AuthorsOfChange.Of(
                        Terms,
                        [new([.. range.Reverse().Take(first)], null), new([.. range.Reverse().Skip(first)], null)],
                        Nothing,
                        []
                    );
                    return whole
                            .Names.Order(StringComparer.Ordinal)
                            .SequenceEqual(turned.Names.Order(StringComparer.Ordinal))
                        && whole.Unknown is null == turned.Unknown is null;
                }
            );

    private static Authorship Of(ForgeChange[] told, params ImmutableArray<WrittenCommit> commits) =>
        AuthorsOfChange.Of(Terms, [new(commits, null)], Nothing, told);

    private static WrittenCommit Commit(
        int number,
        string author,
        string committer,
        string? key,
        params int[] parents
    ) =>
        new(
            SourceCommits.Id(number).Value,
            [.. parents.Select(parent => SourceCommits.Id(parent).Value)],
            $"{author} <{author}@example.com>",
            $"{committer} <{committer}@example.com>",
            key
        );

    private static EnvironmentTerms Terms { get; } =
        new(
            new EnvironmentName("production"),
            Release: null,
            [],
            TimeSpan.Zero,
            EnvironmentPolicy.Default with
            {
                Approvals = new() { People = Agreed.People },
            },
            "c",
            "somebody",
            Agreed.Noon
        );
}
