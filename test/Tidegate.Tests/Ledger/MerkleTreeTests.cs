using System.Text.Json;
using CsCheck;
using Tidegate.ControlPlane.Ledger;
using Tidegate.Tests.Conformance;

namespace Tidegate.Tests.Ledger;

/// <summary>The tree is RFC 9162's: <c>audit-merkle.json</c> has roots and proofs of it, right ones and broken ones.</summary>
[Trait("Suite", "conformance")]
public sealed class MerkleTreeTests
{
    private static readonly Gen<byte[][]> Leaves = Gen.Byte.Array[0, 6].Select(Hashed).Array[1, 70];

    [Fact]
    public void Roots_are_those_of_the_vectors()
    {
        var (file, leaves) = Read();
        var roots = file.GetProperty("rootsBySizeHex").EnumerateArray().Select(root => root.GetString()).ToList();
        for (var size = 0; size < roots.Count; size++)
        {
            Assert.Equal(roots[size], Convert.ToHexStringLower(MerkleTree.Root(leaves.AsSpan(0, size))));
        }

        Console.WriteLine($"audit-merkle.json: {roots.Count, 4} roots");
    }

    [Theory]
    [InlineData("inclusionProofs", true)]
    [InlineData("invalidInclusionProofs", false)]
    public void Proofs_that_an_entry_is_in_hold_and_broken_ones_do_not(string list, bool isValid)
    {
        var (file, leaves) = Read();
        foreach (var proof in file.GetProperty(list).EnumerateArray())
        {
            var (size, index) = (proof.GetProperty("treeSize").GetInt32(), proof.GetProperty("leafIndex").GetInt32());
            var path = Hashes(proof);
            var leaf = proof.TryGetProperty("leafData", out var data)
                ? MerkleTree.Leaf(Convert.FromHexString(data.GetString()!))
                : leaves[index];
            var root = MerkleTree.Root(leaves.AsSpan(0, size));
            Assert.Equal(isValid, MerkleTree.IsIncluded(leaf, index, size, path, root));
            if (isValid)
            {
                Assert.Equal(path, MerkleTree.Inclusion(leaves.AsSpan(0, size), index));
            }
        }

        Console.WriteLine($"audit-merkle.json: {file.GetProperty(list).GetArrayLength(), 4} {list}");
    }

    [Fact]
    public void Proofs_that_a_tree_only_grew_hold()
    {
        var (file, leaves) = Read();
        foreach (var proof in file.GetProperty("consistencyProofs").EnumerateArray())
        {
            var (first, second) = (proof.GetProperty("oldSize").GetInt32(), proof.GetProperty("newSize").GetInt32());
            var path = Hashes(proof);
            Assert.Equal(path, MerkleTree.Consistency(leaves.AsSpan(0, second), first));
            Assert.True(
                MerkleTree.IsConsistent(
                    first,
                    MerkleTree.Root(leaves.AsSpan(0, first)),
                    second,
                    MerkleTree.Root(leaves.AsSpan(0, second)),
                    path
                )
            );
        }

        Console.WriteLine(
            $"audit-merkle.json: {file.GetProperty("consistencyProofs").GetArrayLength(), 4} consistencyProofs"
        );
    }

    [Fact]
    public void A_tree_that_grows_leaf_by_leaf_has_the_root_of_all_its_leaves() =>
        Leaves.Sample(leaves =>
        {
            var frontier = new MerkleFrontier();
            foreach (var leaf in leaves)
            {
                frontier.Append(leaf);
            }

            return frontier.Root().AsSpan().SequenceEqual(MerkleTree.Root(leaves))
                && new MerkleFrontier(frontier.Size, frontier.Peaks).Root().AsSpan().SequenceEqual(frontier.Root());
        });

    [Fact]
    public void Every_leaf_is_proven_and_no_other_by_that_proof() =>
        Gen.Select(Leaves, Gen.Int)
            .Sample(
                (leaves, which) =>
                {
                    var index = (int)((uint)which % leaves.Length);
                    var (proof, root) = (MerkleTree.Inclusion(leaves, index), MerkleTree.Root(leaves));
                    return MerkleTree.IsIncluded(leaves[index], index, leaves.Length, proof, root)
                        && !MerkleTree.IsIncluded(
                            MerkleTree.Leaf([1, 2, 3, 4, 5, 6, 7]),
                            index,
                            leaves.Length,
                            proof,
                            root
                        )
                        && !MerkleTree.IsIncluded(leaves[index], index + leaves.Length, leaves.Length, proof, root);
                }
            );

    [Fact]
    public void A_tree_that_grew_is_told_from_one_that_was_changed() =>
        Gen.Select(Leaves, Gen.Int)
            .Sample(
                (leaves, which) =>
                {
                    var first = 1 + (int)((uint)which % leaves.Length);
                    var (before, after) = (MerkleTree.Root(leaves.AsSpan(0, first)), MerkleTree.Root(leaves));
                    var proof = MerkleTree.Consistency(leaves, first);
                    var other = MerkleTree.Leaf([9, 9, 9, 9, 9, 9, 9]);
                    return MerkleTree.IsConsistent(first, before, leaves.Length, after, proof)
                        && !MerkleTree.IsConsistent(first, other, leaves.Length, after, proof)
                        && !MerkleTree.IsConsistent(first, before, leaves.Length, other, proof);
                }
            );

    private static byte[] Hashed(byte[] content) => MerkleTree.Leaf(content);

    private static List<byte[]> Hashes(JsonElement proof) =>
        [.. proof.GetProperty("proof").EnumerateArray().Select(hash => Convert.FromHexString(hash.GetString()!))];

    private static (JsonElement File, byte[][] Leaves) Read()
    {
        var file = VectorFile.Read("audit-merkle.json");
        Assert.SkipWhen(file is null, VectorFile.Missing);
        return (
            file!.Value,
            [
                .. file
                    .Value.GetProperty("leafInputsHex")
                    .EnumerateArray()
                    .Select(leaf => MerkleTree.Leaf(Convert.FromHexString(leaf.GetString()!))),
            ]
        );
    }
}
