using CsCheck;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.Drivers.Git;

namespace Tidegate.Tests.Following;

public sealed class TreeEntryTests
{
    private static readonly string Id = string.Concat(Enumerable.Repeat("0a", 20));

    [Fact]
    public void Each_mode_of_git_is_a_kind_of_file()
    {
        byte[] tree =
        [
            .. Entry("100644", "a"),
            .. Entry("100755", "b"),
            .. Entry("120000", "c"),
            .. Entry("160000", "d"),
            .. Entry("40000", "e"),
            .. Entry("100664", "f g"),
        ];

        Assert.Equal(
            [
                new TreeEntry("a", Id, FleetFileKind.Regular),
                new TreeEntry("b", Id, FleetFileKind.Regular),
                new TreeEntry("c", Id, FleetFileKind.Link),
                new TreeEntry("d", Id, FleetFileKind.Special),
                new TreeEntry("e", Id, FleetFileKind.Folder),
                new TreeEntry("f g", Id, FleetFileKind.Regular),
            ],
            TreeEntry.All(tree, 20)
        );
    }

    [Fact]
    public void A_damaged_tree_is_an_error_and_never_a_crash() =>
        Gen.Select(Gen.Byte.Array[0, 80], Gen.Int[0, 60])
            .Sample(
                (bytes, cut) =>
                {
                    byte[] tree = [.. Entry("100644", "a")[..Math.Min(cut, 28)], .. bytes];
                    try
                    {
                        return TreeEntry.All(tree, 20).Count >= 0;
                    }
                    catch (GitFailedException damaged)
                    {
                        return damaged.Message.Length > 0;
                    }
                }
            );

    private static byte[] Entry(string mode, string name) =>
        [.. System.Text.Encoding.UTF8.GetBytes($"{mode} {name}"), 0, .. Enumerable.Repeat((byte)10, 20)];
}
