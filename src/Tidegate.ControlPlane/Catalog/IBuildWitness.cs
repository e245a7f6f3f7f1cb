using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>What only the machine of a build can tell about it. None of it is part of a digest.</summary>
public interface IBuildWitness
{
    /// <summary>What version control says of a folder; what cannot be told is unknown, with the reason.</summary>
    /// <param name="role"><c>core</c> or <c>addons</c>.</param>
    SourceFolder Source(string role, string folder, CancellationToken cancellationToken);

    /// <summary>The release's interpreter and the versions that it has.</summary>
    /// <param name="distributions">As manifests name them: <c>google-auth&gt;=1.35</c>.</param>
    /// <exception cref="IOException">The interpreter did not answer.</exception>
    PythonEnvironment Python(IReadOnlyCollection<string> distributions, CancellationToken cancellationToken);
}

/// <summary>A folder that a release was built of.</summary>
/// <param name="Role"><c>core</c> or <c>addons</c>.</param>
/// <param name="Folder">Its name, without what is above it.</param>
/// <param name="Commit">What was checked out; null when that is unknown.</param>
/// <param name="Clean">Whether the folder held that commit's files and no others; null when that is unknown.</param>
/// <param name="Unknown">Why something is unknown; null when nothing is.</param>
public sealed record SourceFolder(string Role, string Folder, string? Commit, bool? Clean, string? Unknown)
{
    /// <summary>How many commits are kept of what led to one.</summary>
    public const int MostCommits = 500;

    /// <summary>Of addons: the commit and what led to it, over every parent, the newest first. Empty when it was not recorded.</summary>
    public ImmutableArray<WrittenCommit> History { get; init; } = [];

    public static SourceFolder NotKnown(string role, string folder, string why) =>
        new(role, Path.GetFileName(folder.TrimEnd('/')), null, null, why);
}

/// <summary>An interpreter, and what it has of what modules need.</summary>
/// <param name="Version"><c>3.11.2</c>.</param>
/// <param name="Distributions">By the manifests' words; null for what is not there.</param>
public sealed record PythonEnvironment(string Version, ImmutableSortedDictionary<string, string?> Distributions);
