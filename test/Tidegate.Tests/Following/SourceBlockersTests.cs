using Tidegate.ControlPlane.Following;

namespace Tidegate.Tests.Following;

public sealed class SourceBlockersTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static readonly SourceAddress Source = new("/srv/fleet.git", "main");

    private static readonly FetchResult Silent = new FetchResult.Unreachable("no such folder.");

    private static readonly GoodCommit Good = new(
        CommitId.Create(new string('a', 40)),
        "Ann Lee <ann@example.com>",
        "A change",
        Noon,
        Noon
    );

    [Fact]
    public void A_repository_that_was_just_named_and_does_not_answer_is_told_at_once() =>
        Assert.Contains(
            "no such folder",
            Assert.Single(SourceBlockers.OfFetch(Silent, Source, good: null, failures: 1, Noon)).What,
            StringComparison.Ordinal
        );

    [Fact]
    public void One_that_has_answered_may_be_restarted_before_it_is_told()
    {
        Assert.Empty(SourceBlockers.OfFetch(Silent, Source, Good, SourceBlockers.PatientFailures - 1, Noon));
        Assert.Single(SourceBlockers.OfFetch(Silent, Source, Good, SourceBlockers.PatientFailures, Noon));
    }
}
