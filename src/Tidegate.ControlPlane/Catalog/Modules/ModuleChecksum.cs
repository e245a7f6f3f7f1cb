using System.Security.Cryptography;
using System.Text;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>
/// SHA-1 over path and content of a module's files, one after the other: a folder's files by name, then its folders by
/// name. SHA-1 because the databases that come to us hold it; it protects nothing here.
/// </summary>
internal static class ModuleChecksum
{
    /// <param name="folder">The module's folder on disk.</param>
    public static string Of(string folder, ChecksumRule rule)
    {
        var counts = rule.Counts();
        var files = Directory
            .EnumerateFiles(
                folder,
                "*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
            )
            .Select(path => Path.GetRelativePath(folder, path))
            .Where(path => !IsBelowLink(folder, path) && counts(path))
            .Order(WalkOrder.Instance);
#pragma warning disable CA5350 // the rule is another tool's, see above
        using var checksum = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        foreach (var path in files)
        {
            checksum.AppendData(Encoding.UTF8.GetBytes(path));
            var file = Path.Join(folder, path);
            if (new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.Exists ?? true)
            {
                checksum.AppendData(File.ReadAllBytes(file));
            }
        }

        return Convert.ToHexStringLower(checksum.GetHashAndReset());
    }

    // Python's walk does not follow links to folders.
    private static bool IsBelowLink(string folder, string path)
    {
        for (
            var parent = Path.GetDirectoryName(path);
            !string.IsNullOrEmpty(parent);
            parent = Path.GetDirectoryName(parent)
        )
        {
            if (new DirectoryInfo(Path.Join(folder, parent)).LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The order in which Python walks a tree with sorted names: files before folders, code points at each level.</summary>
    internal sealed class WalkOrder : IComparer<string>
    {
        public static readonly WalkOrder Instance = new();

        public int Compare(string? x, string? y)
        {
            var left = x!.Split('/');
            var right = y!.Split('/');
            for (var level = 0; level < Math.Min(left.Length, right.Length); level++)
            {
                var (isLeftFile, isRightFile) = (level == left.Length - 1, level == right.Length - 1);
                var order =
                    isLeftFile == isRightFile
                        ? CodePointOrder.Instance.Compare(left[level], right[level])
                        : isRightFile.CompareTo(isLeftFile);
                if (order != 0)
                {
                    return order;
                }
            }

            return left.Length.CompareTo(right.Length);
        }
    }
}
