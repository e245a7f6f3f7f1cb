using System.Buffers;
using System.Collections.Immutable;
using System.Numerics;
using System.Security.Cryptography;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>
/// The Merkle tree of RFC 9162 §2.1 over SHA-256: a leaf is hashed behind a zero byte, two nodes behind a one, and of n
/// leaves the left side has the largest power of two below n.
/// </summary>
public static class MerkleTree
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashSize = SHA256.HashSizeInBytes;

    private const int OnStack = 1024;

    /// <summary>Of no leaf at all.</summary>
    public static ImmutableArray<byte> Empty { get; } = [.. SHA256.HashData([])];

    public static byte[] Leaf(ReadOnlySpan<byte> content)
    {
        var hash = new byte[HashSize];
        Leaf(content, hash);
        return hash;
    }

    /// <param name="into">Gets the hash.</param>
    public static void Leaf(ReadOnlySpan<byte> content, Span<byte> into)
    {
        var rented = content.Length < OnStack ? null : ArrayPool<byte>.Shared.Rent(1 + content.Length);
        Span<byte> hashed = rented is null ? stackalloc byte[OnStack] : rented;
        hashed[0] = 0;
        content.CopyTo(hashed[1..]);
        SHA256.HashData(hashed[..(1 + content.Length)], into);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var hash = new byte[HashSize];
        Node(left, right, hash);
        return hash;
    }

    /// <param name="into">Gets the hash; may be one of the two.</param>
    public static void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> into)
    {
        Span<byte> both = stackalloc byte[1 + (2 * HashSize)];
        both[0] = 1;
        left.CopyTo(both[1..]);
        right.CopyTo(both[(1 + HashSize)..]);
        SHA256.HashData(both, into);
    }

    /// <summary>The root over leaves.</summary>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves) =>
        leaves.Length switch
        {
            0 => [.. Empty],
            1 => leaves[0],
            _ => Node(Root(leaves[..Split(leaves.Length)]), Root(leaves[Split(leaves.Length)..])),
        };

    /// <summary>That a leaf is in the tree over these leaves (§2.1.3.1): the nodes beside its way up.</summary>
    public static ImmutableArray<byte[]> Inclusion(ReadOnlySpan<byte[]> leaves, int index)
    {
        if (leaves.Length <= 1)
        {
            return [];
        }

        var split = Split(leaves.Length);
        return index < split
            ? Inclusion(leaves[..split], index).Add(Root(leaves[split..]))
            : Inclusion(leaves[split..], index - split).Add(Root(leaves[..split]));
    }

    /// <summary>That the tree over these leaves begins with that over the first so many of them (§2.1.4.1).</summary>
    /// <param name="first">At least one.</param>
    public static ImmutableArray<byte[]> Consistency(ReadOnlySpan<byte[]> leaves, int first) =>
        first == leaves.Length ? [] : Consistency(leaves, first, isWhole: true);

    /// <summary>Whether a leaf at an index is in a tree of that size and root (§2.1.3.2).</summary>
    public static bool IsIncluded(
        ReadOnlySpan<byte> leaf,
        long index,
        long size,
        IEnumerable<byte[]> proof,
        ReadOnlySpan<byte> root
    )
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (at, last, hash) = (index, size - 1, leaf.ToArray());
        foreach (var beside in proof)
        {
            if (last == 0 || beside.Length != HashSize)
            {
                return false;
            }

            if ((at & 1) == 1 || at == last)
            {
                hash = Node(beside, hash);
                while ((at & 1) == 0 && at != 0)
                {
                    (at, last) = (at >> 1, last >> 1);
                }
            }
            else
            {
                hash = Node(hash, beside);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Whether a tree of the second size and root begins with one of the first (§2.1.4.2).</summary>
    public static bool IsConsistent(
        long firstSize,
        ReadOnlySpan<byte> firstRoot,
        long secondSize,
        ReadOnlySpan<byte> secondRoot,
        IReadOnlyList<byte[]> proof
    )
    {
        if (firstSize <= 0 || firstSize > secondSize || proof.Any(hash => hash.Length != HashSize))
        {
            return false;
        }

        if (firstSize == secondSize)
        {
            return proof.Count == 0 && firstRoot.SequenceEqual(secondRoot);
        }

        var path = BitOperations.IsPow2(firstSize) ? [firstRoot.ToArray(), .. proof] : proof;
        if (path.Count == 0)
        {
            return false;
        }

        var (at, last) = (firstSize - 1, secondSize - 1);
        while ((at & 1) == 1)
        {
            (at, last) = (at >> 1, last >> 1);
        }

        var (first, second) = (path[0], path[0]);
        foreach (var beside in path.Skip(1))
        {
            if (last == 0)
            {
                return false;
            }

            if ((at & 1) == 1 || at == last)
            {
                (first, second) = (Node(beside, first), Node(beside, second));
                while ((at & 1) == 0 && at != 0)
                {
                    (at, last) = (at >> 1, last >> 1);
                }
            }
            else
            {
                second = Node(second, beside);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && firstRoot.SequenceEqual(first) && secondRoot.SequenceEqual(second);
    }

    private static ImmutableArray<byte[]> Consistency(ReadOnlySpan<byte[]> leaves, int first, bool isWhole)
    {
        if (first == leaves.Length)
        {
            return isWhole ? [] : [Root(leaves)];
        }

        var split = Split(leaves.Length);
        return first <= split
            ? Consistency(leaves[..split], first, isWhole).Add(Root(leaves[split..]))
            : Consistency(leaves[split..], first - split, isWhole: false).Add(Root(leaves[..split]));
    }

    /// <summary>The largest power of two below a number of leaves.</summary>
    private static int Split(int leaves) => 1 << (31 - BitOperations.LeadingZeroCount((uint)(leaves - 1)));
}

/// <summary>A Merkle tree that grows: only the roots of its full parts are kept, one for each bit of its size.</summary>
public sealed class MerkleFrontier
{
    private const int Most = 64;

    private readonly byte[] _peaks = new byte[Most * MerkleTree.HashSize];

    public MerkleFrontier() { }

    /// <param name="peaks">As <see cref="Peaks"/> gave them.</param>
    /// <exception cref="ArgumentException">They are not those of a tree of that size.</exception>
    public MerkleFrontier(long size, ReadOnlySpan<byte> peaks)
    {
        if (size < 0 || peaks.Length != BitOperations.PopCount((ulong)size) * MerkleTree.HashSize)
        {
            throw new ArgumentException($"These are no peaks of a tree of {size}.", nameof(peaks));
        }

        Size = size;
        peaks.CopyTo(_peaks);
    }

    public long Size { get; private set; }

    /// <summary>The roots of its full parts, the largest first, one behind the other.</summary>
    public byte[] Peaks => _peaks[..(Count * MerkleTree.HashSize)];

    private int Count => BitOperations.PopCount((ulong)Size);

    /// <param name="leaf">A leaf's hash.</param>
    public void Append(ReadOnlySpan<byte> leaf)
    {
        Span<byte> hash = stackalloc byte[MerkleTree.HashSize];
        leaf.CopyTo(hash);
        var peaks = Count;
        for (var size = Size; (size & 1) == 1; size >>= 1)
        {
            MerkleTree.Node(Peak(--peaks), hash, hash);
        }

        hash.CopyTo(Peak(peaks));
        Size++;
    }

    public byte[] Root()
    {
        if (Size == 0)
        {
            return [.. MerkleTree.Empty];
        }

        var root = Peak(Count - 1).ToArray();
        for (var peak = Count - 2; peak >= 0; peak--)
        {
            MerkleTree.Node(Peak(peak), root, root);
        }

        return root;
    }

    public MerkleFrontier Copy() => new(Size, Peaks);

    private Span<byte> Peak(int index) => _peaks.AsSpan(index * MerkleTree.HashSize, MerkleTree.HashSize);
}
