using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Policy;
using static Tidegate.Tests.Following.SourceCommits;

namespace Tidegate.Tests.Following;

/// <summary>How a commit must have come to the branch. One row a case: what is asked, what is known, what the gate says.</summary>
public sealed class SourceGateTests
{
    private static readonly SourcePolicy Signed = new() { SignedBy = [Key] };
    private static readonly SourcePolicy Merged = new() { OtherMerger = true };
    private static readonly SourcePolicy Reviewed = new() { Review = true };
    private static readonly CommitSignature Good = new CommitSignature.Good(Key);

    private static readonly ForgeReview Approval = new("bo", ReviewState.Approved);

    /// <summary>Ann's commit 1 on a branch, merged by Bo as commit 3 on top of commit 2.</summary>
    private static readonly SourceCommit Merge = Commit(3, Bo, parents: [2, 1]);

    private static readonly Dictionary<string, (SourcePolicy Policy, SourceEvidence Evidence, string Says)> Cases = new(
        StringComparer.Ordinal
    )
    {
        ["nothing is asked"] = (new(), Evidence(Commit(1)), "Pass"),
        ["no commits came"] = (
            new()
            {
                SignedBy = [Key],
                OtherMerger = true,
                Review = true,
            },
            Evidence(),
            "Pass"
        ),

        ["signed by a known key"] = (Signed, Evidence(Commit(1, signature: Good)), "Pass"),
        ["not signed"] = (Signed, Evidence(Commit(1)), "Fail commit-not-signed"),
        ["signed by another key"] = (
            Signed,
            Evidence(Commit(1, signature: new CommitSignature.Good(new string('A', 40)))),
            "Fail commit-signer-unknown"
        ),
        ["signed badly"] = (
            Signed,
            Evidence(Commit(1, signature: new CommitSignature.Bad("it was made for other content."))),
            "Fail commit-signature-bad"
        ),
        ["signed by nobody knows whom"] = (
            Signed,
            Evidence(Commit(1, signature: new CommitSignature.Unverifiable("no such key is known."))),
            "Inconclusive commit-signature-unknown"
        ),
        ["one of three is not signed"] = (
            Signed,
            Evidence(Commit(3, signature: Good), Commit(2), Commit(1, signature: Good)),
            "Fail commit-not-signed"
        ),
        ["the one that is not signed did not touch the fleet"] = (
            Signed,
            Evidence(Commit(3, signature: Good), Commit(2)) with
            {
                Untouching = [Id(2)],
            },
            "Pass"
        ),
        ["more commits than are looked at"] = (
            Signed,
            Evidence(Commit(3, signature: Good)) with
            {
                Count = 2,
            },
            "Inconclusive source-history-long"
        ),

        ["merged by another, says git"] = (Merged, Evidence(Merge, Commit(1)), "Pass"),
        ["merged by its author, says git"] = (
            Merged,
            Evidence(Commit(3, Ann, parents: [2, 1]), Commit(1)),
            "Fail merged-by-author"
        ),
        ["pushed by its author"] = (Merged, Evidence(Commit(1)), "Fail merged-by-author"),
        ["the case of an address hides nobody"] = (
            Merged,
            Evidence(Commit(1, Ann, "Ann <ANN@example.com>")),
            "Fail merged-by-author"
        ),
        ["squashed by another"] = (Merged, Evidence(Commit(1, Ann, Bo)), "Pass"),
        ["squashed by the forge itself"] = (Merged, Evidence(Commit(1, Ann, GitHub)), "Inconclusive merger-unknown"),
        ["merged on the forge by the one who is its author"] = (
            Merged,
            Evidence(Commit(3, Bo, GitHub, parents: [2, 1]), Commit(1)),
            "Pass"
        ),
        ["a committer without an address"] = (Merged, Evidence(Commit(1, Ann, "Bo")), "Inconclusive merger-unknown"),
        ["a merge that brings nothing of the range"] = (Merged, Evidence(Merge), "Inconclusive merger-unknown"),
        ["what the merger wrote himself is in it"] = (
            Merged,
            Evidence(Commit(4, Bo, parents: [3, 2]), Commit(2, Bo, parents: [1]), Commit(1, Ann, parents: [9])),
            "Fail merged-by-author"
        ),
        ["the forge knows better than git"] = (
            Merged,
            Evidence(Merge, Commit(1)) with
            {
                Changes = [Change(Merge, "bo", "bo")],
            },
            "Fail merged-by-author"
        ),
        ["merged by another, says the forge"] = (
            Merged,
            Evidence(Commit(1, Ann, GitHub)) with
            {
                Changes = [Change(Commit(1), "ann", "bo")],
            },
            "Pass"
        ),
        ["one push of the author below a good merge"] = (
            Merged,
            Evidence(Merge, Commit(2, parents: [9]), Commit(1, parents: [9])),
            "Fail merged-by-author"
        ),

        ["approved by another"] = (
            Reviewed,
            Evidence(Commit(1)) with
            {
                Changes = [Change(Commit(1), "ann", "bo", Approval)],
            },
            "Pass"
        ),
        ["no forge has told of it"] = (Reviewed, Evidence(Commit(1)), "Inconclusive review-unknown"),
        ["approved by nobody"] = (
            Reviewed,
            Evidence(Commit(1)) with
            {
                Changes = [Change(Commit(1), "ann", "bo")],
            },
            "Fail not-reviewed"
        ),
        ["approved by its author"] = (
            Reviewed,
            Evidence(Commit(1)) with
            {
                Changes = [Change(Commit(1), "ann", "bo", Approval with { Reviewer = "Ann" })],
            },
            "Fail not-reviewed"
        ),
        ["an approval that was taken back"] = (
            Reviewed,
            Evidence(Commit(1)) with
            {
                Changes = [Change(Commit(1), "ann", "bo", Approval with { State = ReviewState.Withdrawn })],
            },
            "Fail not-reviewed"
        ),
        ["one approves and one asks for changes"] = (
            Reviewed,
            Evidence(Commit(1)) with
            {
                Changes = [Change(Commit(1), "ann", "bo", Approval, new("cid", ReviewState.Refused))],
            },
            "Fail review-refused"
        ),
        ["an author that the forge did not tell"] = (
            Reviewed,
            Evidence(Commit(1)) with
            {
                Changes = [Change(Commit(1), "ann", "bo", Approval) with { Author = null }],
            },
            "Inconclusive review-unknown"
        ),
        ["all three are asked and one is missing"] = (
            new SourcePolicy
            {
                SignedBy = [Key],
                OtherMerger = true,
                Review = true,
            },
            Evidence(Commit(1, Ann, Bo, Good)),
            "Inconclusive review-unknown"
        ),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gate_says(string name)
    {
        var (policy, evidence, says) = Cases[name];

        var answer = SourceGate.Judge(policy, evidence);

        Assert.Equal(
            says,
            $"{answer.Verdict} {string.Join(' ', answer.Reasons.Select(reason => reason.Code))}".TrimEnd()
        );
    }

    [Fact]
    public void A_thousand_bad_commits_are_one_reason() =>
        Assert.EndsWith(
            "So it is with 999 more.",
            Assert
                .Single(
                    SourceGate
                        .Judge(Signed, Evidence([.. Enumerable.Range(0, 1000).Select(number => Commit(1000 - number))]))
                        .Reasons
                )
                .What,
            StringComparison.Ordinal
        );
}
