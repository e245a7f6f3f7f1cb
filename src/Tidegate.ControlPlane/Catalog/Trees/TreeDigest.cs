using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>A tree as one number.</summary>
internal static class TreeDigest
{
    // Changes when the rule below changes, so that two rules can never give one digest.
    private const string Rule = "tidegate-bundle/1";

    /// <summary>
    /// SHA-256 over the rule's name and, for each entry in the order of its path's UTF-8 bytes: kind, mode, path,
    /// content hash or link target, each ended by a zero byte. Times, owners and the order of reading play no part.
    /// </summary>
    public static ReleaseDigest Of(IReadOnlyList<TreeEntry> sorted, IReadOnlyDictionary<string, ContentHash> hashes) =>
        new($"sha256:{Hex(sorted, hashes)}");

    public static string Hex(IEnumerable<TreeEntry> sorted, IReadOnlyDictionary<string, ContentHash> hashes)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var text = new StringBuilder(Rule).Append('\0');
        foreach (var entry in sorted)
        {
            _ = entry switch
            {
                TreeEntry.Folder folder => text.Append($"d\00755\0{folder.Path}\0\0"),
                TreeEntry.File file => text.Append(
                    $"f\0{(file.IsExecutable ? "0755" : "0644")}\0{file.Path}\0{hashes[file.Path].Hex}\0"
                ),
                TreeEntry.Link link => text.Append($"l\00777\0{link.Path}\0{link.Target}\0"),
                _ => throw new UnreachableException(),
            };
            digest.AppendData(Encoding.UTF8.GetBytes(text.ToString()));
            text.Clear();
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
