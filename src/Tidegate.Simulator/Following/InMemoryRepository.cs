using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Simulator.Following;

using Tree = ImmutableSortedDictionary<string, InMemoryFile>;

/// <summary>A file of a commit: its content, or a link's target.</summary>
internal sealed record InMemoryFile(ImmutableArray<byte> Content, FleetFileKind Kind);

/// <summary>A repository in memory: people commit to it, move its branches by force, delete them, and it goes away and comes back.</summary>
public sealed class InMemoryRepository
{
    private static readonly DateTimeOffset Beginning = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly Tree Empty = Tree.Empty.WithComparers(StringComparer.Ordinal);

    private readonly Lock gate = new();
    private readonly Dictionary<CommitId, (SourceCommit Commit, Tree Tree)> commits = [];
    private readonly Dictionary<string, CommitId> branches = new(StringComparer.Ordinal);

    /// <summary>Why it does not answer; null while it does.</summary>
    public string? AwayBecause { get; set; }

    /// <summary>Commits to a branch, which is made when there is none. Each commit is a minute younger than the last.</summary>
    public CommitId Commit(string branch, NewCommit made)
    {
        lock (gate)
        {
            var parents = branches.TryGetValue(branch, out var head) ? ImmutableArray.Create(head) : [];
            var tree = parents.IsEmpty ? Empty : commits[head].Tree;
            tree = tree.RemoveRange(made.Files.Where(file => file.Value is null).Select(file => file.Key))
                .SetItems(
                    made.Files.Where(file => file.Value is not null)
                        .Select(file => KeyValuePair.Create(file.Key, File(file.Value!, FleetFileKind.Regular)))
                )
                .SetItems(
                    made.Links.Select(link => KeyValuePair.Create(link.Key, File(link.Value, FleetFileKind.Link)))
                );
            parents = made.Merged is { } merged ? parents.Add(merged) : parents;
            var commit = new SourceCommit(
                Id(string.Join('\n', [.. parents.Select(parent => parent.Value), made.Subject, Number(commits.Count)])),
                parents,
                SourceText.Shown(made.Author, SourceText.LongestName),
                SourceText.Shown(made.Committer ?? made.Author, SourceText.LongestName),
                Beginning.AddMinutes(commits.Count),
                SourceText.Shown(made.Subject, SourceText.LongestSubject),
                made.Signature
            );
            commits.Add(commit.Id, (commit, tree));
            branches[branch] = commit.Id;
            return commit.Id;
        }
    }

    /// <summary>Moves a branch by force to a commit that is there, or makes it.</summary>
    public void Move(string branch, CommitId to)
    {
        lock (gate)
        {
            branches[branch] = commits[to].Commit.Id;
        }
    }

    public void Delete(string branch)
    {
        lock (gate)
        {
            branches.Remove(branch);
        }
    }

    internal CommitId? Head(string branch)
    {
        lock (gate)
        {
            return branches.TryGetValue(branch, out var head) ? head : null;
        }
    }

    internal Tree TreeOf(CommitId commit)
    {
        lock (gate)
        {
            return commits[commit].Tree;
        }
    }

    /// <summary>A commit and all that came before it, the newest first: no commit before one that was made from it.</summary>
    internal ImmutableArray<SourceCommit> Reachable(CommitId from)
    {
        lock (gate)
        {
            var found = new HashSet<CommitId>();
            var open = new Stack<CommitId>([from]);
            while (open.TryPop(out var next))
            {
                foreach (var parent in found.Add(next) ? commits[next].Commit.Parents : [])
                {
                    open.Push(parent);
                }
            }

            return [.. found.Select(id => commits[id].Commit).OrderByDescending(commit => commit.CommittedAt)];
        }
    }

    internal static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content))[..40];

    private static InMemoryFile File(string text, FleetFileKind kind) => new([.. Encoding.UTF8.GetBytes(text)], kind);

    private static CommitId Id(string text) => CommitId.Create(Hash(Encoding.UTF8.GetBytes(text)));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
