using System.Text;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;
using Tidegate.ControlPlane.Following;
using Tidegate.Simulator.Following;

namespace Tidegate.IntegrationTests.Following;

/// <summary>Commits and trees as git keeps them, the odd ones among them.</summary>
public sealed class GitContentTests : IDisposable
{
    private readonly GitHome home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task A_submodule_is_told_and_its_commit_not_looked_for()
    {
        var repository = home.Repository();
        var commit = repository.Commit(
            "main",
            new NewCommit("submodules"),
            $"M 160000 {new string('b', 40)} tenants/module\nM 160000 {new string('c', 40)} pools\nM 100755 inline tidegate.yaml\ndata 2\n{{}}\n"
        );

        var files = await FilesAsync(repository, commit);

        Assert.Equal(
            [
                new FleetFile("pools", null, 0) { Kind = FleetFileKind.Special },
                new FleetFile("tenants/module", null, 0) { Kind = FleetFileKind.Special },
                new FleetFile("tidegate.yaml", files.List().Single(file => file.Bytes == 2).ContentId, 2),
            ],
            files.List().OrderBy(file => file.Path, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_huge_file_is_told_by_its_size_and_read_no_further_than_a_fleets_file_may_be()
    {
        var repository = home.Repository();
        var commit = repository.Commit(
            "main",
            NewCommit.Of("huge", ("tenants/a.yaml", new string('a', 30_000_000)), ("tenants/b.yaml", "small"))
        );

        var files = await FilesAsync(repository, commit);
        var listed = files.List().ToDictionary(file => file.Path, StringComparer.Ordinal);

        Assert.Equal(30_000_000, listed["tenants/a.yaml"].Bytes);
        Assert.Equal(FleetLayout.LargestFile, files.Read(listed["tenants/a.yaml"]).Length);
        Assert.Equal("small"u8.ToArray(), files.Read(listed["tenants/b.yaml"]).ToArray());
        var broken = Assert.IsType<FleetReading.Broken>(FleetReader.Read(files, null, Token));
        Assert.Contains(broken.Problems, problem => problem.File == "tenants/a.yaml");
    }

    [Fact]
    public async Task A_commit_is_told_whatever_was_written_into_it()
    {
        var repository = home.Repository();
        var tree = Tree(repository);
        byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
        var latin = repository.CommitRaw(
            "main",
            Bytes(
                $"tree {tree}\nauthor J\u00f8rn <j@example.com> 1793600000 +0100\ncommitter J\u00f8rn <j@example.com> 1793600000 +0100\nencoding ISO-8859-1\n\nK\u00f8benhavn\n\nmore\n"
            )
        );
        await home.FetchAsync(repository);
        var utf = await OnlyAsync(repository, latin);
        Assert.Equal(("Jørn <j@example.com>", "København"), (utf.Author, utf.Subject));

        var odd = repository.CommitRaw(
            "main",
            Bytes(
                $"tree {tree}\nparent {latin}\nauthor \u00ff\u00fe \nauthor Second <s@example.com> 1 +0000\ncommitter <> 99999999999999999999 +9999\nencoding x-unknown\n\n\n\n\u00ffsubject\r\nauthor Third <t@example.com> 1 +0000\n"
            )
        );
        await home.FetchAsync(repository);

        var told = await OnlyAsync(repository, odd);
        Assert.Equal(("\uFFFD\uFFFD", "<>", "\uFFFDsubject"), (told.Author, told.Committer, told.Subject));
        Assert.Equal([latin], told.Parents);
        Assert.Equal(DateTimeOffset.UnixEpoch, told.CommittedAt);
    }

    [Fact]
    public async Task A_message_without_end_and_one_without_a_word_are_told()
    {
        var repository = home.Repository();
        var tree = Tree(repository);
        var head =
            $"tree {tree}\nauthor A <a@example.com> 1793600000 +0000\ncommitter A <a@example.com> 1793600000 +0000\n";
        var huge = repository.CommitRaw("main", Encoding.UTF8.GetBytes($"{head}\n{new string('x', 20_000_000)}"));
        await home.FetchAsync(repository);
        Assert.Equal(SourceText.LongestSubject, (await OnlyAsync(repository, huge)).Subject.Length);

        var silent = repository.CommitRaw("main", Encoding.UTF8.GetBytes(head));
        await home.FetchAsync(repository);

        Assert.Equal("", (await OnlyAsync(repository, silent)).Subject);
    }

    [Fact]
    public async Task Ten_thousand_tenants_are_read_and_one_changed_file_is_read_alone()
    {
        var repository = home.Repository();
        var tenants = Enumerable
            .Range(0, 10_000)
            .Select(each => ($"tenants/shop-{each}.yaml", (string?)$"pool: shared\ndatabase: shop_{each}\n"));
        var first = repository.Commit("main", NewCommit.Of("all", tenants));
        var before = await FilesAsync(repository, first);
        var second = repository.Commit("main", NewCommit.Of("one", ("tenants/shop-5.yaml", "pool: other\n")));
        var after = await FilesAsync(repository, second);

        var known = before.List().Select(file => file.ContentId).ToHashSet(StringComparer.Ordinal);
        var changed = Assert.Single(after.List(), file => !known.Contains(file.ContentId));

        Assert.Equal("pool: other\n"u8.ToArray(), after.Read(changed).ToArray());
        Assert.Equal(10_000, before.List().Sum(file => before.Read(file).Length > 0 ? 1 : 0));
    }

    private static string Tree(GitFolder repository) =>
        GitFolder.Git(repository.Path, ["hash-object", "-t", "tree", "-w", "--stdin"]).Trim();

    private async Task<SourceCommit> OnlyAsync(GitFolder repository, CommitId commit) =>
        Assert.Single(
            (await home.Source.HistoryAsync(new(repository.Address, "main"), null, commit, 1, Token)).Commits
        );

    private async Task<IFleetFiles> FilesAsync(GitFolder repository, CommitId commit)
    {
        Assert.Equal(new FetchResult.At(commit), await home.FetchAsync(repository));
        return await home.Source.FilesAsync(new(repository.Address, "main"), commit, Token);
    }
}
