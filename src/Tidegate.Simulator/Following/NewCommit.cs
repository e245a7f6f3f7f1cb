using System.Collections.Immutable;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Simulator.Following;

/// <summary>A commit that somebody makes: what it changes of the branch that it is made on.</summary>
public sealed record NewCommit(string Subject)
{
    /// <summary>Path and text of each file that is put there; null takes it away.</summary>
    public ImmutableDictionary<string, string?> Files { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>Path and target of each symbolic link that is put there.</summary>
    public ImmutableDictionary<string, string> Links { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary><c>Ann Lee &lt;ann@example.com&gt;</c>.</summary>
    public string Author { get; init; } = "Ann Lee <ann@example.com>";

    /// <summary>Null is the author.</summary>
    public string? Committer { get; init; }

    /// <summary>What is merged: its second parent. The files are those of the branch, changed as this commit says.</summary>
    public CommitId? Merged { get; init; }

    /// <summary>What checking its signature comes to.</summary>
    public CommitSignature Signature { get; init; } = new CommitSignature.None();

    /// <summary>A commit that puts these files there.</summary>
    public static NewCommit Of(string subject, params IEnumerable<(string Path, string? Text)> files) =>
        new(subject)
        {
            Files = files.ToImmutableDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal),
        };
}
