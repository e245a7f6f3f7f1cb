using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;

namespace Tidegate.ControlPlane.Following;

/// <summary>A repository that says what should run. Every implementation answers the same suite of contract tests.</summary>
public interface IFleetSource
{
    /// <summary>Asks the repository where the branch stands, and brings what is new. Nothing that was there before is lost by it.</summary>
    Task<FetchResult> FetchAsync(SourceAddress source, CancellationToken cancellationToken);

    /// <summary>What lies between two commits that were fetched. They stay known after the branch left them.</summary>
    /// <param name="from">The commit that is followed so far; null for the first time, where only <paramref name="to"/> is told, as <see cref="HistoryRelation.Forward"/>.</param>
    /// <param name="most">How many commits are told at most, the newest; at least 1.</param>
    /// <exception cref="IOException">The repository's copy here cannot be read, or one of the commits is not in it.</exception>
    Task<SourceHistory> HistoryAsync(
        SourceAddress source,
        CommitId? from,
        CommitId to,
        int most,
        CancellationToken cancellationToken
    );

    /// <summary>The files of a commit that was fetched. A fleet's folder that the commit does not have is one without files.</summary>
    /// <exception cref="IOException">The commit is not here.</exception>
    Task<IFleetFiles> FilesAsync(SourceAddress source, CommitId commit, CancellationToken cancellationToken);
}

/// <summary>One branch of one repository.</summary>
/// <param name="Repository">A local path, or an address that git understands: <c>file://</c>, <c>ssh://</c>, <c>git@host:path</c>, <c>https://</c>. Never with a password in it.</param>
/// <param name="Branch"><c>main</c>; without <c>refs/heads/</c>.</param>
/// <param name="Folder">The fleet's folder within the repository, with slashes; empty for its root.</param>
/// <param name="Secret">The name of a secret of the home that opens the repository, or null: a token for https, a private key for ssh.</param>
public sealed record SourceAddress(string Repository, string Branch, string Folder = "", string? Secret = null);

/// <summary>What asking a repository came to.</summary>
public abstract record FetchResult
{
    private FetchResult() { }

    public sealed record At(CommitId Head) : FetchResult;

    /// <summary>The repository answered, and has no such branch.</summary>
    public sealed record NoBranch : FetchResult;

    /// <summary>It did not answer, refused us, or is no repository.</summary>
    /// <param name="Why">One sentence with what git said, without any secret.</param>
    public sealed record Unreachable(string Why) : FetchResult;
}

/// <summary>How two commits of a branch relate.</summary>
/// <param name="Commits">Those that <c>to</c> has and <c>from</c> has not, the newest first and none before one made from it, cut at the bound that was asked.</param>
/// <param name="Count">How many there are in all.</param>
public sealed record SourceHistory(HistoryRelation Relation, ImmutableArray<SourceCommit> Commits, int Count);

/// <summary>How a branch moved.</summary>
public enum HistoryRelation
{
    Same,

    /// <summary>The old commit is an ancestor of the new one.</summary>
    Forward,

    /// <summary>The new commit is an ancestor of the old one: the branch was taken back.</summary>
    Backward,

    /// <summary>Neither: history was written anew.</summary>
    Diverged,
}

/// <summary>A commit, as git tells it. Names are what their owners chose to write; only <see cref="Signature"/> proves anything. Texts are fit to be shown (<see cref="SourceText"/>).</summary>
/// <param name="Author"><c>Ann Lee &lt;ann@example.com&gt;</c>.</param>
/// <param name="Committer">Who made the commit object; of a merge on a forge, who merged.</param>
/// <param name="Subject">The first line of its message.</param>
public sealed record SourceCommit(
    CommitId Id,
    ImmutableArray<CommitId> Parents,
    string Author,
    string Committer,
    DateTimeOffset CommittedAt,
    string Subject,
    CommitSignature Signature
);

/// <summary>What a commit's signature proves.</summary>
public abstract record CommitSignature
{
    private CommitSignature() { }

    public sealed record None : CommitSignature;

    /// <param name="Fingerprint">Of the key, as git prints it: 40 or 64 hexadecimal digits, or <c>SHA256:</c> and 43 letters.</param>
    public sealed record Good(string Fingerprint) : CommitSignature;

    /// <summary>It is signed, and the signature does not fit.</summary>
    public sealed record Bad(string Why) : CommitSignature;

    /// <summary>It is signed, and whether the signature fits cannot be told here: no such key is known, or a tool is missing.</summary>
    public sealed record Unverifiable(string Why) : CommitSignature;
}
