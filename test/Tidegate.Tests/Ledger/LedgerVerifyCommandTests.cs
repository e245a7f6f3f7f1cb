using CsCheck;
using Tidegate.Cli;
using Tidegate.ControlPlane.Ledger;
using Tidegate.Drivers.Ledger;
using Tidegate.Drivers.Objects;
using Tidegate.Server.Commands;

namespace Tidegate.Tests.Ledger;

/// <summary><c>tidegate ledger verify</c> without a server, with what was kept elsewhere.</summary>
public sealed class LedgerVerifyCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tg-verify-").FullName;
    private readonly LedgerKey _key = LedgerKey.Create();
    private readonly LedgerEntry[] _entries = LedgerGen.Entries.Single();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Store => Path.Join(_folder, "copy-of-the-store");

    [Fact]
    public async Task A_folder_with_a_copy_of_the_store_tells_a_tail_that_was_cut_off()
    {
        var (whole, kept) = LedgerGen.Export(_entries, _key);
        await KeepAsync(kept);
        await WriteAsync("whole.jsonl", whole);
        await WriteAsync("older.jsonl", LedgerGen.Export(_entries[..^1], _key).Lines);

        var good = await VerifyAsync("whole.jsonl", Store);
        var cut = await VerifyAsync("older.jsonl", Store);
        var blind = await VerifyAsync("older.jsonl");

        Assert.True(good.Exit == ExitCodes.Done, good.Said);
        Assert.DoesNotContain("would not show", good.Said, StringComparison.Ordinal);
        Assert.True(cut.Exit == ExitCodes.Blocked, cut.Said);
        Assert.Contains($"({LedgerFinding.Truncated})", cut.Said, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, blind.Exit);
        Assert.Contains("a tail that was cut off would not show", blind.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_and_files_are_taken_together()
    {
        var (whole, kept) = LedgerGen.Export(_entries, _key);
        await KeepAsync(LedgerGen.Export(_entries[..^1], _key).Kept);
        await WriteAsync("older.jsonl", LedgerGen.Export(_entries[..^1], _key).Lines);
        await WriteAsync("kept.jsonl", kept.Select(CheckpointFile.Line));

        Assert.Equal(ExitCodes.Done, (await VerifyAsync("older.jsonl", Store)).Exit);
        Assert.Equal(
            ExitCodes.Blocked,
            (await VerifyAsync("older.jsonl", Store, Path.Join(_folder, "kept.jsonl"))).Exit
        );
    }

    [Fact]
    public async Task A_place_that_is_not_there_is_refused_and_not_taken_for_an_empty_one()
    {
        await WriteAsync("whole.jsonl", LedgerGen.Export(_entries, _key).Lines);

        var refused = await VerifyAsync("whole.jsonl", Path.Join(_folder, "nowhere"));

        Assert.Equal(ExitCodes.Usage, refused.Exit);
        Assert.Contains("nowhere cannot be read", refused.Said, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task KeepAsync(IEnumerable<LedgerCheckpoint> kept)
    {
        var witness = new CheckpointObjects(
            new FolderObjectStore(Store, TimeProvider.System),
            Store,
            lockFor: null,
            TimeProvider.System
        );
        foreach (var checkpoint in kept)
        {
            await witness.KeepAsync(checkpoint, Token);
        }
    }

    private Task WriteAsync(string name, IEnumerable<string> lines) =>
        File.WriteAllLinesAsync(Path.Join(_folder, name), lines, Token);

    private async Task<(int Exit, string Said)> VerifyAsync(string export, params string[] kept)
    {
        await File.WriteAllTextAsync(Path.Join(_folder, "public-key.pem"), _key.PublicPem, Token);
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(
            [
                "ledger",
                "verify",
                "--from",
                Path.Join(_folder, export),
                "--key",
                Path.Join(_folder, "public-key.pem"),
                .. kept.SelectMany(place => new[] { "--checkpoints", place }),
            ],
            LocalCommands.All(TimeProvider.System),
            output,
            error,
            Token
        );
        return (exit, $"{output}{error}");
    }
}
