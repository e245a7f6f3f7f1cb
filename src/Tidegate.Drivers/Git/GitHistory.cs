using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Drivers.Git;

/// <summary>How commits of a mirror relate, and what they say.</summary>
internal sealed class GitHistory(GitMirror mirror, GitObjects objects, GitSignatures signatures)
{
    public async Task<SourceHistory> BetweenAsync(
        CommitId? from,
        CommitId to,
        int most,
        CancellationToken cancellationToken
    )
    {
        Require(to);
        if (from is not { } old)
        {
            return new(HistoryRelation.Forward, await ToldAsync([to], cancellationToken), 1);
        }

        Require(old);
        var relation = await RelationAsync(old, to, cancellationToken);
        if (relation is HistoryRelation.Same or HistoryRelation.Backward)
        {
            return new(relation, [], 0);
        }

        var range = $"{old}..{to}";
        var count = int.Parse(
            await mirror.AnswerAsync(["rev-list", "--count", range, "--"], cancellationToken),
            CultureInfo.InvariantCulture
        );
        var bound = string.Create(CultureInfo.InvariantCulture, $"--max-count={most}");
        var listed = await mirror.AnswerAsync(["rev-list", "--date-order", bound, range, "--"], cancellationToken);
        var ids = listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(CommitId.Create);
        return new(relation, await ToldAsync([.. ids], cancellationToken), count);
    }

    /// <exception cref="GitFailedException">The commit is not here.</exception>
    public void Require(CommitId commit)
    {
        if (!mirror.Exists || objects.Find(commit.Value) is not ("commit", _))
        {
            throw new GitFailedException(
                $"Commit {commit.Short} of {SourceAddressRules.Shown(mirror.Repository)} is not in the copy here: it was never fetched, or the copy was made anew since."
            );
        }
    }

    private async Task<HistoryRelation> RelationAsync(CommitId old, CommitId to, CancellationToken cancellationToken) =>
        old == to ? HistoryRelation.Same
        : await mirror.IsAncestorAsync(old, to, cancellationToken) ? HistoryRelation.Forward
        : await mirror.IsAncestorAsync(to, old, cancellationToken) ? HistoryRelation.Backward
        : HistoryRelation.Diverged;

    private async Task<ImmutableArray<SourceCommit>> ToldAsync(
        ImmutableArray<CommitId> ids,
        CancellationToken cancellationToken
    )
    {
        var parsed = ids.Select(Parse).ToList();
        var signed = parsed.Where(each => each.Form is not SignatureForm.None).ToList();
        var checkedOnes = await signatures.CheckAsync(
            [.. signed.Select(each => (each.Commit.Id, each.Form))],
            cancellationToken
        );
        return
        [
            .. parsed.Select(each =>
                checkedOnes.TryGetValue(each.Commit.Id, out var signature)
                    ? each.Commit with
                    {
                        Signature = signature,
                    }
                    : each.Commit
            ),
        ];
    }

    private (SourceCommit Commit, SignatureForm Form) Parse(CommitId id) =>
        objects.Read(id.Value, CommitText.Longest) is { Kind: "commit" } commit
            ? CommitText.Parse(id, commit.Content.Span)
            : throw new GitFailedException(GitComplaint.OfMirror(mirror, $"commit {id} is missing"));
}
