namespace Tidegate.ControlPlane.Following;

/// <summary>The forge has recorded that somebody other than the author approved the change.</summary>
internal static class ReviewRule
{
    public static void Judge(SourceCommit commit, SourceEvidence evidence, SourceReasons reasons)
    {
        var named = SourceReasons.Named(commit);
        if (evidence.Changes.FirstOrDefault(change => change.MergeCommit == commit.Id) is not { } change)
        {
            reasons.Unknown(
                new(
                    "review-unknown",
                    $"no forge has told of a review of commit {named}.",
                    "whoever runs the forge",
                    "have the forge tell of pull requests and reviews (docs/gitops.md), and merge the change through one"
                )
            );
            return;
        }

        if (change.Reviews.FirstOrDefault(review => review.State is ReviewState.Refused) is { } refusal)
        {
            reasons.Wrong(
                new(
                    "review-refused",
                    $"{refusal.Reviewer} asked for changes in {change.Name}, which became commit {named}.",
                    refusal.Reviewer,
                    "revert it, and merge it when the reviewer agrees"
                )
            );
        }
        else if (change.Author is null)
        {
            reasons.Unknown(
                new(
                    "review-unknown",
                    $"who wrote {change.Name} is not known, so nobody's approval counts.",
                    "whoever runs the forge",
                    "have the forge tell of pull requests too (docs/gitops.md)"
                )
            );
        }
        else if (!change.Reviews.Any(review => Counts(review, change.Author)))
        {
            reasons.Wrong(
                new(
                    "not-reviewed",
                    $"{change.Name}, which became commit {named}, has no approval of anybody but its author.",
                    "somebody other than the author",
                    "approve it on the forge; the record is read again each round"
                )
            );
        }
    }

    private static bool Counts(ForgeReview review, string author) =>
        review.State is ReviewState.Approved
        && !string.Equals(review.Reviewer, author, StringComparison.OrdinalIgnoreCase);
}
