using System.Collections.Immutable;
using System.IO.Enumeration;

namespace Tidegate.Drivers.Runtimes;

/// <summary>
/// Finds files of a bundle that somebody changed or added where they lie, by their times alone: a bundle gives every
/// file a time that follows from its content, before 2018. Who sets the time back is not found here; nor is a file that
/// is gone.
/// </summary>
internal static class TreeChanges
{
    private const int Most = 5;

    // Compiled Python has times of its own.
    private const string Compiled = "__pycache__";

    private static readonly DateTimeOffset Latest = new(2018, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Paths below the tree, the first few.</summary>
    public static ImmutableArray<string> Of(string tree) =>
        [
            .. new FileSystemEnumerable<string>(
                tree,
                (ref FileSystemEntry entry) => Path.GetRelativePath(tree, entry.ToFullPath()),
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = default }
            )
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                    !entry.IsDirectory && !IsLink(ref entry) && entry.LastWriteTimeUtc >= Latest,
                ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                    !IsLink(ref entry) && !entry.FileName.SequenceEqual(Compiled),
            }
                .Take(Most)
                .Order(StringComparer.Ordinal),
        ];

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
}
