using CsCheck;
using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.Catalog;
using Tidegate.Tests.Following;

namespace Tidegate.Tests.Approvals;

public sealed class AddonsRangeTests
{
    /// <summary>Of each commit from 1 on how far back its parents lie; 0 is the repository's first.</summary>
    private static readonly Gen<(int Parent, int Other)[]> AnyGraph = Gen.Select(Gen.Int[1, 4], Gen.Int[0, 6]).Array[
        1,
        12
    ];

    [Fact]
    public void What_is_new_is_what_leads_to_the_release_and_led_not_to_the_one_before()
    {
        // 4 merges 3 into 2; the release before was built of 2.
        var graph = new[] { (1, 0), (1, 0), (2, 0), (2, 1) };

        var range = AddonsRange.Between([Built(graph, 4)], [Built(graph, 2)]);

        Assert.Equal([4, 3], range.Commits.Select(Number));
        Assert.Null(range.Unread);
    }

    [Fact]
    public void Every_commit_that_is_new_is_found_or_it_is_said_that_one_is_missing() =>
        Gen.Select(AnyGraph, Gen.Int[0, 12], Gen.Int[0, 12], Gen.Int[1, 13])
            .Sample(
                (graph, now, before, kept) =>
                {
                    var (to, from) = (Math.Min(now, graph.Length), Math.Min(before, graph.Length));
                    var isNew = Led(graph, to).Except(Led(graph, from)).ToHashSet();

                    var whole = AddonsRange.Between([Built(graph, to)], [Built(graph, from)]);
                    var cut = AddonsRange.Between([Built(graph, to, kept)], [Built(graph, from, kept)]);

                    return whole.Unread is null
                        && isNew.SetEquals(whole.Commits.Select(Number))
                        && (cut.Unread is not null || isNew.IsSubsetOf(cut.Commits.Select(Number)));
                }
            );

    [Fact]
    public void Where_no_release_ran_before_its_own_commit_counts_and_it_is_said_that_this_is_not_all()
    {
        var range = AddonsRange.Between([Built([(1, 0), (1, 0)], 2)], []);

        Assert.Equal([2], range.Commits.Select(Number));
        Assert.Equal("of no release that ran here before is it recorded what its addons were built of", range.Unread);
    }

    [Fact]
    public void What_no_commit_has_was_written_by_nobody_knows_whom()
    {
        var (before, after) = (Built([(1, 0)], 0), Built([(1, 0)], 1));

        Assert.Equal(
            "promo held files that its commit 000000000000 has not",
            AddonsRange.Between([after with { Clean = false }], [before]).Unread
        );
        Assert.Equal(
            "what promo was built of is not known: it is in no git repository",
            AddonsRange
                .Between([after, SourceFolder.NotKnown("addons", "/srv/promo", "it is in no git repository")], [before])
                .Unread
        );
        Assert.NotNull(AddonsRange.Between([after with { Clean = null, Unknown = "x" }], [before]).Unread);
        Assert.NotNull(AddonsRange.Between([after with { History = [] }], [before]).Unread);
    }

    [Fact]
    public void A_release_of_several_folders_brings_what_is_new_in_any()
    {
        var graph = new[] { (1, 0), (1, 0), (1, 0) };

        var range = AddonsRange.Between([Built(graph, 3), Built(graph, 1)], [Built(graph, 2), Built(graph, 0)]);

        Assert.Equal([3], range.Commits.Select(Number));
        Assert.Null(range.Unread);
    }

    private static SourceFolder Built((int Parent, int Other)[] graph, int commit, int most = int.MaxValue) =>
        new("addons", "promo", SourceCommits.Id(commit).Value, Clean: true, Unknown: null)
        {
            History =
            [
                .. Led(graph, commit)
                    .OrderDescending()
                    .Take(most)
                    .Select(number => new WrittenCommit(
                        SourceCommits.Id(number).Value,
                        [.. Parents(graph, number).Select(parent => SourceCommits.Id(parent).Value)],
                        SourceCommits.Ann,
                        SourceCommits.Ann,
                        Key: null
                    )),
            ],
        };

    private static HashSet<int> Led((int Parent, int Other)[] graph, int commit) =>
        [commit, .. Parents(graph, commit).SelectMany(parent => Led(graph, parent))];

    private static IEnumerable<int> Parents((int Parent, int Other)[] graph, int commit) =>
        commit == 0
            ? []
            : new[] { graph[commit - 1].Parent, graph[commit - 1].Other }
                .Where(back => back > 0)
                .Select(back => Math.Max(0, commit - back))
                .Distinct();

    private static int Number(WrittenCommit commit) => Convert.ToInt32(commit.Id[^8..], 16);
}
