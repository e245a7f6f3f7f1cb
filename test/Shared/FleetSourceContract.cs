using System.Collections.Immutable;
using System.Text;
using CsCheck;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;
using Tidegate.ControlPlane.Following;
using Tidegate.Simulator.Following;

namespace Tidegate.TestKit;

/// <summary>What every source of a fleet does, repositories in memory or git's.</summary>
public abstract class FleetSourceContract
{
    private const string Main = "main";
    private const int Most = 50;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract IFleetSource Source { get; }

    /// <summary>A repository without a commit.</summary>
    protected abstract IScriptedRepository EmptyRepository();

    [Fact]
    public async Task A_branch_is_where_its_last_commit_is()
    {
        var repository = EmptyRepository();
        var first = repository.Commit(Main, Commit("first"));
        Assert.Equal(new FetchResult.At(first), await FetchAsync(repository));
        Assert.Equal(new FetchResult.At(first), await FetchAsync(repository));

        var second = repository.Commit(Main, Commit("second"));

        Assert.Equal(new FetchResult.At(second), await FetchAsync(repository));
    }

    [Fact]
    public async Task A_repository_without_a_commit_has_no_branch()
    {
        var repository = EmptyRepository();
        Assert.Equal(new FetchResult.NoBranch(), await FetchAsync(repository));

        var first = repository.Commit(Main, Commit("first"));

        Assert.Equal(new FetchResult.At(first), await FetchAsync(repository));
    }

    [Fact]
    public async Task Branches_of_one_repository_are_told_apart()
    {
        var repository = EmptyRepository();
        var main = repository.Commit(Main, Commit("main"));
        var deep = repository.Commit("release/2026.11", Commit("deep"));

        Assert.Equal(new FetchResult.At(main), await FetchAsync(repository));
        Assert.Equal(new FetchResult.At(deep), await FetchAsync(repository, "release/2026.11"));
        Assert.Equal(new FetchResult.NoBranch(), await FetchAsync(repository, "2026.11"));
        Assert.Equal(new FetchResult.NoBranch(), await FetchAsync(repository, "mai"));
    }

    [Fact]
    public async Task A_branch_may_take_the_place_of_another_that_was_named_as_its_folder()
    {
        var repository = EmptyRepository();
        repository.Commit(Main, Commit("main"));
        var folder = repository.Commit("a", Commit("a"));
        Assert.Equal(new FetchResult.At(folder), await FetchAsync(repository, "a"));
        repository.Delete("a");

        var below = repository.Commit("a/b", Commit("a/b"));

        Assert.Equal(new FetchResult.At(below), await FetchAsync(repository, "a/b"));
        Assert.Equal(new FetchResult.NoBranch(), await FetchAsync(repository, "a"));
    }

    [Fact]
    public async Task A_deleted_branch_is_gone_and_what_was_fetched_of_it_stays()
    {
        var repository = EmptyRepository();
        var first = repository.Commit(Main, Commit("first", ("tidegate.yaml", "organisation: A\n")));
        await FetchAsync(repository);

        repository.Delete(Main);

        Assert.Equal(new FetchResult.NoBranch(), await FetchAsync(repository));
        Assert.Equal("organisation: A\n", await ReadAsync(repository, first, "tidegate.yaml"));
    }

    [Fact]
    public async Task A_repository_that_is_away_is_told_and_what_was_fetched_stays_readable()
    {
        var repository = EmptyRepository();
        var first = repository.Commit(Main, Commit("first", ("tidegate.yaml", "organisation: A\n")));
        await FetchAsync(repository);

        repository.GoAway();

        var away = Assert.IsType<FetchResult.Unreachable>(await FetchAsync(repository));
        Assert.EndsWith(".", away.Why, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', away.Why);
        Assert.Equal("organisation: A\n", await ReadAsync(repository, first, "tidegate.yaml"));
        Assert.Equal("first", Assert.Single((await HistoryAsync(repository, null, first)).Commits).Subject);
        repository.ComeBack();
        var second = repository.Commit(Main, Commit("second"));
        Assert.Equal(new FetchResult.At(second), await FetchAsync(repository));
    }

    [Fact]
    public async Task The_first_time_only_the_commit_itself_is_told()
    {
        var repository = EmptyRepository();
        repository.Commit(Main, Commit("first"));
        var second = repository.Commit(Main, Commit("second"));
        await FetchAsync(repository);

        var history = await HistoryAsync(repository, null, second);

        Assert.Equal((HistoryRelation.Forward, 1), (history.Relation, history.Count));
        Assert.Equal([second], Ids(history));
    }

    [Fact]
    public async Task Nothing_lies_between_a_commit_and_itself()
    {
        var repository = EmptyRepository();
        var first = repository.Commit(Main, Commit("first"));
        await FetchAsync(repository);

        var history = await HistoryAsync(repository, first, first);

        Assert.Equal((HistoryRelation.Same, 0), (history.Relation, history.Count));
        Assert.Empty(history.Commits);
    }

    [Fact]
    public async Task What_came_since_is_told_newest_first_and_cut_at_the_bound()
    {
        var repository = EmptyRepository();
        var all = Enumerable.Range(0, 6).Select(each => repository.Commit(Main, Commit($"{each}"))).ToList();
        await FetchAsync(repository);

        var history = await HistoryAsync(repository, all[1], all[5]);
        var cut = await HistoryAsync(repository, all[1], all[5], most: 2);

        Assert.Equal((HistoryRelation.Forward, 4), (history.Relation, history.Count));
        Assert.Equal([all[5], all[4], all[3], all[2]], Ids(history));
        Assert.Equal((HistoryRelation.Forward, 4), (cut.Relation, cut.Count));
        Assert.Equal([all[5], all[4]], Ids(cut));
    }

    [Fact]
    public async Task A_commit_is_told_with_who_made_it_and_who_merged_it()
    {
        var repository = EmptyRepository();
        var first = repository.Commit(Main, Commit("first"));
        repository.Move("topic", first);
        var topic = repository.Commit("topic", Commit("Oslo gets a shop") with { Author = "Bo Ek <bo@example.com>" });
        var other = repository.Commit(Main, Commit("other"));
        var merge = repository.Commit(
            Main,
            Commit("Merge topic") with
            {
                Author = "Bo Ek <bo@example.com>",
                Committer = "Cy Fox <cy@example.com>",
                Merged = topic,
            }
        );
        await FetchAsync(repository);

        var history = await HistoryAsync(repository, first, merge);

        Assert.Equal((HistoryRelation.Forward, 3), (history.Relation, history.Count));
        Assert.Equal([merge, other, topic], Ids(history));
        var told = history.Commits[0];
        Assert.Equal([other, topic], told.Parents);
        Assert.Equal(
            ("Merge topic", "Bo Ek <bo@example.com>", "Cy Fox <cy@example.com>"),
            (told.Subject, told.Author, told.Committer)
        );
        Assert.Equal(new CommitSignature.None(), told.Signature);
        Assert.True(told.CommittedAt > history.Commits[1].CommittedAt);
        Assert.Equal("Bo Ek <bo@example.com>", history.Commits[2].Committer);
    }

    [Fact]
    public async Task A_branch_that_was_taken_back_is_told_as_such()
    {
        var repository = EmptyRepository();
        var first = repository.Commit(Main, Commit("first"));
        var second = repository.Commit(Main, Commit("second", ("tidegate.yaml", "organisation: B\n")));
        await FetchAsync(repository);

        repository.Move(Main, first);

        Assert.Equal(new FetchResult.At(first), await FetchAsync(repository));
        var history = await HistoryAsync(repository, second, first);
        Assert.Equal((HistoryRelation.Backward, 0), (history.Relation, history.Count));
        Assert.Empty(history.Commits);
        Assert.Equal("organisation: B\n", await ReadAsync(repository, second, "tidegate.yaml"));
    }

    [Fact]
    public async Task A_history_that_was_written_anew_is_told_and_the_old_one_stays()
    {
        var repository = EmptyRepository();
        var first = repository.Commit(Main, Commit("first"));
        var old = repository.Commit(Main, Commit("old", ("tidegate.yaml", "organisation: Old\n")));
        await FetchAsync(repository);
        repository.Move(Main, first);
        var young = repository.Commit(Main, Commit("new", ("tidegate.yaml", "organisation: New\n")));
        var younger = repository.Commit(Main, Commit("newer"));

        Assert.Equal(new FetchResult.At(younger), await FetchAsync(repository));

        var history = await HistoryAsync(repository, old, younger);
        Assert.Equal((HistoryRelation.Diverged, 2), (history.Relation, history.Count));
        Assert.Equal([younger, young], Ids(history));
        Assert.Equal("organisation: Old\n", await ReadAsync(repository, old, "tidegate.yaml"));
        Assert.Equal("organisation: New\n", await ReadAsync(repository, younger, "tidegate.yaml"));
    }

    [Fact]
    public async Task A_history_that_begins_anew_has_nothing_in_common()
    {
        var repository = EmptyRepository();
        repository.Commit("keep", Commit("keep"));
        var old = repository.Commit(Main, Commit("old"));
        await FetchAsync(repository);
        repository.Delete(Main);
        var young = repository.Commit(Main, Commit("young"));
        await FetchAsync(repository);

        var history = await HistoryAsync(repository, old, young);

        Assert.Equal((HistoryRelation.Diverged, 1), (history.Relation, history.Count));
        Assert.Empty(Assert.Single(history.Commits).Parents);
    }

    [Fact]
    public async Task A_commit_that_was_not_fetched_is_not_here()
    {
        var repository = EmptyRepository();
        var first = repository.Commit(Main, Commit("first"));
        await FetchAsync(repository);
        var second = repository.Commit(Main, Commit("second"));
        var nowhere = CommitId.Create(new string('a', 40));

        foreach (var missing in (CommitId[])[second, nowhere])
        {
            await Assert.ThrowsAnyAsync<IOException>(() => Source.FilesAsync(Address(repository), missing, Token));
            await Assert.ThrowsAnyAsync<IOException>(() => HistoryAsync(repository, first, missing));
            await Assert.ThrowsAnyAsync<IOException>(() => HistoryAsync(repository, missing, first));
            await Assert.ThrowsAnyAsync<IOException>(() => HistoryAsync(repository, null, missing));
        }
    }

    [Fact]
    public async Task A_commit_has_the_files_of_a_fleet_and_no_others()
    {
        var repository = EmptyRepository();
        var commit = repository.Commit(
            Main,
            NewCommit.Of(
                "all",
                ("tidegate.yaml", "organisation: A\n"),
                ("README.md", "Read me"),
                ("src/main.py", "pass"),
                ("pools/shared.yaml", "site: local\n"),
                ("pools/.gitkeep", ""),
                ("tenants/shop.yaml", "é€🙂\n"),
                ("tenants/deep/down.yaml", "{}"),
                ("calendars/closed.yaml", "{}")
            ) with
            {
                Links = ImmutableDictionary<string, string>.Empty.Add("pools/link.yaml", "shared.yaml"),
            }
        );
        await FetchAsync(repository);

        var files = await Source.FilesAsync(Address(repository), commit, Token);

        Assert.Equal(
            [
                ("calendars/closed.yaml", 2, FleetFileKind.Regular),
                ("pools/.gitkeep", 0, FleetFileKind.Regular),
                ("pools/link.yaml", 11, FleetFileKind.Link),
                ("pools/shared.yaml", 12, FleetFileKind.Regular),
                ("tenants/deep", 0, FleetFileKind.Folder),
                ("tenants/shop.yaml", 10, FleetFileKind.Regular),
                ("tidegate.yaml", 16, FleetFileKind.Regular),
            ],
            files
                .List()
                .OrderBy(file => file.Path, StringComparer.Ordinal)
                .Select(file => (file.Path, file.Bytes, file.Kind))
        );
        Assert.Equal("é€🙂\n", await ReadAsync(repository, commit, "tenants/shop.yaml"));
        Assert.Equal("", await ReadAsync(repository, commit, "pools/.gitkeep"));
    }

    [Fact]
    public async Task A_file_in_place_of_a_folder_and_a_folder_in_place_of_a_file_are_told()
    {
        var repository = EmptyRepository();
        var commit = repository.Commit(Main, Commit("odd", ("tidegate.yaml/inside", "1"), ("tenants", "22")));
        await FetchAsync(repository);

        var files = await Source.FilesAsync(Address(repository), commit, Token);

        Assert.Equal(
            [("tenants", 2, FleetFileKind.Regular), ("tidegate.yaml", 0, FleetFileKind.Folder)],
            files
                .List()
                .OrderBy(file => file.Path, StringComparer.Ordinal)
                .Select(file => (file.Path, file.Bytes, file.Kind))
        );
    }

    [Fact]
    public async Task A_content_has_the_same_id_wherever_and_whenever_it_is()
    {
        var repository = EmptyRepository();
        var first = repository.Commit(Main, Commit("1", ("tenants/a.yaml", "same"), ("tenants/b.yaml", "same")));
        var second = repository.Commit(Main, Commit("2", ("tenants/b.yaml", "other"), ("tenants/c.yaml", "same")));
        await FetchAsync(repository);

        var before = await IdsOfAsync(repository, first);
        var after = await IdsOfAsync(repository, second);

        Assert.NotNull(before["tenants/a.yaml"]);
        Assert.Equal(before["tenants/a.yaml"], before["tenants/b.yaml"]);
        Assert.Equal(before["tenants/a.yaml"], after["tenants/a.yaml"]);
        Assert.Equal(before["tenants/a.yaml"], after["tenants/c.yaml"]);
        Assert.NotEqual(before["tenants/b.yaml"], after["tenants/b.yaml"]);
        Assert.Equal("same", await ReadAsync(repository, first, "tenants/b.yaml"));
        Assert.Equal("other", await ReadAsync(repository, second, "tenants/b.yaml"));
    }

    [Fact]
    public async Task A_fleet_may_live_in_a_folder_of_its_repository()
    {
        var repository = EmptyRepository();
        var commit = repository.Commit(
            Main,
            Commit(
                "nested",
                ("tidegate.yaml", "organisation: Root\n"),
                ("ops/the fleet/tidegate.yaml", "organisation: Nested\n"),
                ("ops/the fleet/tenants/a.yaml", "a"),
                ("ops/the fleet too/tenants/b.yaml", "b")
            )
        );
        await FetchAsync(repository);

        var nested = await Source.FilesAsync(Address(repository, folder: "ops/the fleet"), commit, Token);
        var missing = await Source.FilesAsync(Address(repository, folder: "ops/none"), commit, Token);
        var noFolder = await Source.FilesAsync(Address(repository, folder: "tidegate.yaml"), commit, Token);

        Assert.Equal(
            ["tenants/a.yaml", "tidegate.yaml"],
            nested.List().Select(file => file.Path).Order(StringComparer.Ordinal)
        );
        Assert.Equal("organisation: Nested\n", Text(nested, "tidegate.yaml"));
        Assert.Empty(missing.List());
        Assert.Empty(noFolder.List());
    }

    [Fact]
    public async Task Files_are_read_by_many_threads_at_once()
    {
        var repository = EmptyRepository();
        var contents = Enumerable
            .Range(0, 300)
            .Select(each => ($"tenants/shop-{each}.yaml", (string?)string.Concat(Enumerable.Repeat($"{each} ", each))))
            .ToArray();
        var commit = repository.Commit(Main, Commit("many", contents));
        await FetchAsync(repository);
        var files = await Source.FilesAsync(Address(repository), commit, Token);
        var expected = contents.ToDictionary(each => each.Item1, each => each.Item2, StringComparer.Ordinal);

        Parallel.ForEach(
            files.List().Concat(files.List()),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token },
            file => Assert.Equal(expected[file.Path], Encoding.UTF8.GetString(files.Read(file).Span))
        );
    }

    [Fact]
    public async Task The_example_fleet_reads_as_from_a_folder()
    {
        var repository = EmptyRepository();
        var commit = repository.Commit(
            Main,
            Commit("example", [.. ExampleFleet.Files.Select(file => (file.Path, (string?)file.Text))])
        );
        await FetchAsync(repository);

        var reading = FleetReader.Read(await Source.FilesAsync(Address(repository), commit, Token), null, Token);

        Assert.IsType<FleetReading.Good>(reading);
    }

    [Fact]
    public async Task Whatever_is_committed_is_what_is_read()
    {
        string[] folders = ["tenants", "pools", "releases"];
        string[] names = ["a.yaml", "b.yaml", "c", "é.yaml", "sp ace.yaml", "-x.yaml", "\"q\".yaml"];
        var path = Gen.Select(
            Gen.Int[0, folders.Length - 1],
            Gen.Int[0, names.Length - 1],
            (folder, name) => $"{folders[folder]}/{names[name]}"
        );
        var text = Gen.Select(
            Gen.Bool,
            Gen.String[Gen.Char["a\n\0é"], 0, 40],
            (isThere, content) => isThere ? content : null
        );
        var change = Gen.Select(path, text, (file, content) => (Path: file, Text: content)).List[1, 4];
        await change
            .List[1, 4]
            .SampleAsync(
                async changes =>
                {
                    var repository = EmptyRepository();
                    var expected = new Dictionary<string, string>(StringComparer.Ordinal);
                    var commit = default(CommitId);
                    foreach (var files in changes.Select(each => each.DistinctBy(file => file.Path)))
                    {
                        commit = repository.Commit(Main, NewCommit.Of("change", files));
                        foreach (var (file, content) in files)
                        {
                            expected.Remove(file);
                            if (content is not null)
                            {
                                expected.Add(file, content);
                            }
                        }
                    }

                    await FetchAsync(repository);
                    var found = await Source.FilesAsync(Address(repository), commit, Token);
                    Assert.Equal(
                        expected
                            .OrderBy(file => file.Key, StringComparer.Ordinal)
                            .Select(file => (file.Key, file.Value)),
                        found
                            .List()
                            .OrderBy(file => file.Path, StringComparer.Ordinal)
                            .Select(file => (file.Path, Encoding.UTF8.GetString(found.Read(file).Span)))
                    );
                },
                iter: 20,
                threads: 1
            );
    }

    [Theory]
    [InlineData("Zoë \u202Eeno\u202C <z@example.com>", "Zoë \uFFFDeno\uFFFD <z@example.com>")]
    [InlineData("\u001b[31mRed\u0007 <r@example.com>", "\uFFFD[31mRed\uFFFD <r@example.com>")]
    [InlineData("王小明 🚢 <w@例え.jp>", "王小明 🚢 <w@例え.jp>")]
    public async Task A_hostile_name_is_told_so_that_it_can_be_shown(string written, string told)
    {
        var repository = EmptyRepository();
        var commit = repository.Commit(Main, Commit($"By {written}") with { Author = written });
        await FetchAsync(repository);

        var only = Assert.Single((await HistoryAsync(repository, null, commit)).Commits);

        Assert.Equal((told, told, $"By {told}"), (only.Author, only.Committer, only.Subject));
    }

    [Fact]
    public async Task A_text_without_end_is_cut()
    {
        var repository = EmptyRepository();
        var author = $"{new string('a', 5000)} <a@example.com>";
        var commit = repository.Commit(Main, Commit(new string('s', 50_000)) with { Author = author });
        await FetchAsync(repository);

        var only = Assert.Single((await HistoryAsync(repository, null, commit)).Commits);

        Assert.Equal((SourceText.LongestName, SourceText.LongestSubject), (only.Author.Length, only.Subject.Length));
    }

    protected static SourceAddress Address(IScriptedRepository repository, string branch = Main, string folder = "") =>
        new(repository.Address, branch, folder);

    protected Task<FetchResult> FetchAsync(IScriptedRepository repository, string branch = Main) =>
        Source.FetchAsync(Address(repository, branch), Token);

    protected Task<SourceHistory> HistoryAsync(
        IScriptedRepository repository,
        CommitId? from,
        CommitId to,
        int most = Most
    ) => Source.HistoryAsync(Address(repository), from, to, most, Token);

    protected async Task<string> ReadAsync(IScriptedRepository repository, CommitId commit, string path) =>
        Text(await Source.FilesAsync(Address(repository), commit, Token), path);

    private static NewCommit Commit(string subject, params (string Path, string? Text)[] files) =>
        NewCommit.Of(subject, files.Length == 0 ? [("notes/n", subject)] : files);

    private static IEnumerable<CommitId> Ids(SourceHistory history) => history.Commits.Select(commit => commit.Id);

    private static string Text(IFleetFiles files, string path) =>
        Encoding.UTF8.GetString(files.Read(files.List().Single(file => file.Path == path)).Span);

    private async Task<Dictionary<string, string?>> IdsOfAsync(IScriptedRepository repository, CommitId commit) =>
        (await Source.FilesAsync(Address(repository), commit, Token))
            .List()
            .ToDictionary(file => file.Path, file => file.ContentId, StringComparer.Ordinal);
}
