using System.Text;
using CsCheck;
using Tidegate.ControlPlane.Following;
using Tidegate.Drivers.Git;

namespace Tidegate.Tests.Following;

public sealed class CommitTextTests
{
    private static readonly CommitId Id = CommitId.Create(new string('1', 40));

    [Fact]
    public void A_commit_is_read_with_its_parents_people_time_and_first_line()
    {
        var (commit, form) = Parse(
            $"""
            tree {new string('2', 40)}
            parent {new string('3', 40)}
            parent {new string('4', 40)}
            author Ann Lee <ann@example.com> 1793600000 +0100
            committer Bo Ek <bo@example.com> 1793600060 -0800
            gpgsig -----BEGIN SSH SIGNATURE-----
             U1NIU0lH
             -----END SSH SIGNATURE-----

            Oslo gets a shop

            author Nobody <n@example.com> 1 +0000
            """
        );

        Assert.Equal([CommitId.Create(new string('3', 40)), CommitId.Create(new string('4', 40))], commit.Parents);
        Assert.Equal(
            ("Ann Lee <ann@example.com>", "Bo Ek <bo@example.com>", "Oslo gets a shop"),
            (commit.Author, commit.Committer, commit.Subject)
        );
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1793600060), commit.CommittedAt);
        Assert.Equal(SignatureForm.Ssh, form);
    }

    [Theory]
    [InlineData("gpgsig -----BEGIN PGP SIGNATURE-----", SignatureForm.OpenPgp)]
    [InlineData("gpgsig -----BEGIN SIGNED MESSAGE-----", SignatureForm.Other)]
    [InlineData("gpgsig", SignatureForm.Other)]
    [InlineData("gpgsig-sha256 -----BEGIN PGP SIGNATURE-----", SignatureForm.None)]
    [InlineData("mergetag gpgsig", SignatureForm.None)]
    [InlineData(" gpgsig -----BEGIN PGP SIGNATURE-----", SignatureForm.None)]
    public void Only_the_header_of_a_signature_is_one(string header, object form) =>
        Assert.Equal((SignatureForm)form, Parse($"author A <a> 1 +0\n{header}\n\ngpgsig -----BEGIN SSH").Form);

    [Fact]
    public void Whatever_a_commit_holds_it_is_told_on_single_lines()
    {
        string[] pieces =
        [
            "author ",
            "committer ",
            "parent ",
            "encoding ",
            "gpgsig ",
            "<",
            ">",
            " ",
            "\n",
            "\n\n",
            "9",
            "\0",
            "é",
            "utf-7",
            "utf-16",
        ];
        Gen.Int[0, pieces.Length - 1]
            .Array[0, 30]
            .Sample(parts =>
            {
                var (commit, _) = Parse(string.Concat(parts.Select(part => pieces[part])));
                return !(commit.Author + commit.Committer + commit.Subject).Any(char.IsControl);
            });
        Gen.Byte.Array[0, 200].Sample(bytes => CommitText.Parse(Id, bytes).Commit.Id == Id);
    }

    [Fact]
    public void A_commit_in_an_encoding_that_is_refused_is_read_as_well()
    {
        var (commit, _) = Parse("author Ada <a@b> 9 +0000\nencoding utf-7\n\nA slip\n");

        Assert.Equal("A slip", commit.Subject);
    }

    private static (SourceCommit Commit, SignatureForm Form) Parse(string text) =>
        CommitText.Parse(Id, Encoding.UTF8.GetBytes(text));
}
