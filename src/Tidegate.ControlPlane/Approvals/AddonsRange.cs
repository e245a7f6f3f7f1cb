using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Following;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>Which commits the addons of a release have that those of the release before it had not.</summary>
public static class AddonsRange
{
    /// <param name="now">The folders that the release was built of.</param>
    /// <param name="before">Those of the release that ran before; empty where none did, or where they are not recorded.</param>
    public static TakenRange Between(ImmutableArray<SourceFolder> now, ImmutableArray<SourceFolder> before)
    {
        var had = before
            .SelectMany(folder => folder.History.Select(commit => commit.Id).Append(folder.Commit))
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        var heads = now.Select(folder => folder.Commit).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var known = now.SelectMany(folder => folder.History)
            .DistinctBy(commit => commit.Id, StringComparer.Ordinal)
            .ToDictionary(commit => commit.Id, StringComparer.Ordinal);
        if (had.Count == 0)
        {
            // What led to them is all that ever was: nobody would be left to agree.
            return new(
                [.. known.Values.Where(commit => heads.Contains(commit.Id))],
                Unclean(now) ?? "of no release that ran here before is it recorded what its addons were built of"
            );
        }

        var (range, missing) = Reached(heads, known, had);
        return new(
            range,
            Unclean(now)
                ?? (
                    missing is null
                        ? null
                        : $"not all commits that led to the addons are recorded: {CommitId.Create(missing).Short} is missing"
                )
        );
    }

    private static string? Unclean(ImmutableArray<SourceFolder> now) =>
        now.FirstOrDefault(folder => folder is not { Commit: not null, Clean: true }) switch
        {
            null => null,
            { Commit: { } commit, Clean: false } folder =>
                $"{folder.Folder} held files that its commit {CommitId.Create(commit).Short} has not",
            var folder => $"what {folder.Folder} was built of is not known: {folder.Unknown}",
        };

    private static (ImmutableArray<WrittenCommit> Range, string? Missing) Reached(
        IEnumerable<string> heads,
        Dictionary<string, WrittenCommit> known,
        HashSet<string> had
    )
    {
        var (range, missing) = (ImmutableArray.CreateBuilder<WrittenCommit>(), (string?)null);
        var open = new Queue<string>(heads);
        var seen = new HashSet<string>(had, StringComparer.Ordinal);
        while (open.TryDequeue(out var id))
        {
            if (!seen.Add(id))
            {
                continue;
            }

            if (!known.TryGetValue(id, out var commit))
            {
                missing ??= id;
                continue;
            }

            range.Add(commit);
            foreach (var parent in commit.Parents)
            {
                open.Enqueue(parent);
            }
        }

        return (range.ToImmutable(), missing);
    }
}
