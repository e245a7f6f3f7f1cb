using System.Globalization;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Tests.Following;

/// <summary>Commits and histories for tests.</summary>
internal static class SourceCommits
{
    public const string Ann = "Ann Lee <ann@example.com>";
    public const string Bo = "Bo Dahl <bo@example.com>";
    public const string GitHub = "GitHub <noreply@github.com>";
    public const string Key = "SHA256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    public static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public static CommitId Id(int number) => CommitId.Create(number.ToString("x40", CultureInfo.InvariantCulture));

    /// <summary>A commit by Ann, brought to the branch by herself, on top of the one before it.</summary>
    public static SourceCommit Commit(
        int number,
        string author = Ann,
        string? committer = null,
        CommitSignature? signature = null,
        params int[] parents
    ) =>
        new(
            Id(number),
            [.. (parents.Length == 0 ? [number - 1] : parents).Select(Id)],
            author,
            committer ?? author,
            Noon.AddMinutes(number),
            $"Change {number}",
            signature ?? new CommitSignature.None()
        );

    public static SourceEvidence Evidence(params SourceCommit[] newestFirst) =>
        new([.. newestFirst], newestFirst.Length);

    public static ForgeChange Change(SourceCommit commit, string author, string merger, params ForgeReview[] reviews) =>
        new("github", "shops/fleet", 12, author, merger, commit.Id) { Reviews = [.. reviews] };
}
