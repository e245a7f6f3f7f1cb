using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Ledger;
using Tidegate.ControlPlane.LedgerRetention;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Ledger;
using Tidegate.Drivers.Objects;
using Tidegate.Drivers.Sites;
using Tidegate.Drivers.TenantBackups;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Ledger;

/// <summary>What old entries say goes when it may, and nothing else does; what is kept is proven as before.</summary>
public sealed class LedgerRetentionTests(PostgresCluster cluster)
    : IClassFixture<PostgresCluster>,
        IAsyncLifetime,
        IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly OwnLedgerKey _keys = new();
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-retention-").FullName);
    private readonly List<LedgerCheckpoint> _kept = [];
    private NpgsqlDataSource? _database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LedgerStore Store => new(_database!);

    private LedgerRetentionStore Retention => new(_database!);

    [Fact]
    public async Task What_old_entries_say_goes_and_what_is_kept_passes_and_is_proven()
    {
        await WriteAsync(300, days: 400);
        await SealAsync();
        var early = _kept.ToList();
        var exported = await ExportAsync();
        await WriteAsync(20, days: 1);
        await SealAsync();
        await KeepAsync(365);

        var done = await RunAsync();

        Assert.Equal((300, 300), (done.KeptFrom, done.Entries));
        Assert.Equal(
            "0",
            await ScalarAsync(
                "select count(*) from ledger where reason like 'entry %' and at < now() - interval '1 year'"
            )
        );
        await SealAsync();
        var verifier = await VerifyAsync();
        Assert.Empty(verifier.Findings);
        Assert.Equal((300, 0), (verifier.Dropped?.Before, verifier.Dropped?.First));
        Assert.Equal(verifier.Size, verifier.SignedTo);

        var proof = await new LedgerExport(Store).ProveAsync(305, Token);
        Assert.True(
            MerkleTree.IsIncluded(
                MerkleTree.Leaf(Encoding.UTF8.GetBytes(proof!.Entry)),
                305,
                proof.Checkpoint.Size,
                proof.Proof.Select(Convert.FromHexString),
                Convert.FromHexString(proof.Checkpoint.Root)
            )
        );

        // Made before, and made by the run: each passes alone, against what was kept outside then.
        Assert.Empty((await VerifyAsync(exported, early)).Findings);
        var written = await VerifyAsync(await ReadAsync(done), [.. _kept.Where(kept => kept.Size <= 300)]);
        Assert.Empty(written.Findings);
        Assert.Equal((300, 300), (written.Size, written.SignedTo));
        Assert.Equal(
            "intent, outcome",
            await ScalarAsync(
                "select string_agg(kind, ', ' order by id) from ledger where step = 'ledger-retention' and actor = 'os/0' and kind in ('intent', 'outcome') and reason like 'the contents of%'"
            )
        );
    }

    [Fact]
    public async Task Runs_follow_each_other_and_each_export_passes_alone()
    {
        await WriteAsync(50, days: 800);
        await SealAsync();
        await KeepAsync(700);
        await RunAsync(daysAgo: 500);
        await SealAsync();
        await WriteAsync(30, days: 450);
        await SealAsync();
        await KeepAsync(365);

        var second = await RunAsync();

        Assert.True(second.KeptFrom > 80);
        await SealAsync();
        var verifier = await VerifyAsync();
        Assert.Empty(verifier.Findings);
        Assert.Equal((second.KeptFrom, 50), (verifier.Dropped?.Before, verifier.Dropped?.First));
        Assert.Empty((await VerifyAsync(await ReadAsync(second), [])).Findings);
    }

    [Fact]
    public async Task Nothing_goes_without_a_period_or_beyond_what_every_witness_has()
    {
        await WriteAsync(20, days: 400);
        await SealAsync();
        Assert.Contains("no period is set", await FailedRunAsync(), StringComparison.Ordinal);

        await KeepAsync(365);
        await WriteAsync(20, days: 400);
        await SealAsync();
        await Retention.ReportAsync("bergen", [("https://audit", null)], TimeProvider.System.GetUtcNow(), Token);
        Assert.Equal(0, (await RunAsync()).Entries);
        await Retention.ReportAsync("bergen", [("https://audit", 20)], TimeProvider.System.GetUtcNow(), Token);
        var failed = await FailedRunAsync(); // it has the entries, and never gets to hear that they go

        Assert.Contains("https://audit of home bergen has not confirmed", failed, StringComparison.Ordinal);
        Assert.Equal("40", await ScalarAsync("select count(*) from ledger where reason like 'entry %'"));

        // The next run does what was announced, once it may.
        await Retention.ReportAsync("bergen", [], TimeProvider.System.GetUtcNow(), Token);
        Assert.Equal(20, (await RunAsync()).Entries);
    }

    [Fact]
    public async Task Whoever_is_no_retention_run_is_refused()
    {
        await WriteAsync(20, days: 400);
        await SealAsync();
        await KeepAsync(365);
        await Assert.ThrowsAsync<PostgresException>(() => _database!.TamperAsync("delete from ledger"));
        await Assert.ThrowsAsync<PostgresException>(() => Retention.DropAsync(0, 100, Token));
        var said = new LedgerDrop(20, 0, "r", "e", "s", "os/0", TimeProvider.System.GetUtcNow(), "", "").SignedBy(
            _keys.Signing
        );
        await Retention.AnnounceAsync(said, Token);

        // Announced, and not sealed; then sealed, and not outside.
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Retention.DropAsync(0, 100, Token));
        Assert.Contains("not signed yet", refused.MessageText, StringComparison.Ordinal);
        await SealAsync(isWitnessed: false);
        refused = await Assert.ThrowsAsync<PostgresException>(() => Retention.DropAsync(0, 100, Token));
        Assert.Contains("not with every witness", refused.MessageText, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<PostgresException>(() =>
            _database!.TamperAsync("delete from ledger where reason like 'entry 1' or step = 'ledger-retention'")
        );
        Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
        Assert.Contains(
            "append-only",
            (
                await Assert.ThrowsAsync<PostgresException>(() => _database!.TamperAsync("delete from ledger_drop"))
            ).MessageText,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Younger_entries_do_not_go_although_they_are_announced()
    {
        await WriteAsync(20, days: 100);
        await SealAsync();
        await KeepAsync(365);
        var root = _kept[^1].Root;
        await Retention.AnnounceAsync(
            new LedgerDrop(20, 0, root, "e", "s", "os/0", TimeProvider.System.GetUtcNow(), "", "").SignedBy(
                _keys.Signing
            ),
            Token
        );
        await SealAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => Retention.DropAsync(0, 100, Token));
        Assert.Contains("younger than 365 days", refused.MessageText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "delete from ledger where id in (select ledger from ledger_seal where place < 5)",
        LedgerFinding.Missing
    )]
    [InlineData(
        """
            delete from ledger where id in (select ledger from ledger_seal where place < 10);
            insert into ledger_drop select 10, 0, root, 'e', 's', 'os/0', now(), key, 'AAAA', 1 from ledger_checkpoint where size = 10
            """,
        LedgerFinding.Forged
    )]
    [InlineData(
        """
            delete from ledger where id in (select ledger from ledger_seal where place < 10);
            insert into ledger_drop select 10, 0, repeat('0', 64), 'e', 's', 'os/0', now(), key, signature, 1 from ledger_checkpoint where size = 10
            """,
        LedgerFinding.Rewritten
    )]
    public async Task Who_removes_the_begin_by_hand_is_found(string attack, string finding)
    {
        await WriteAsync(10, days: 400);
        await SealAsync();
        await WriteAsync(10, days: 1);
        await SealAsync();
        await _database!.TamperAsync($"set session_replication_role = replica; {attack}");

        var findings = (await VerifyAsync()).Findings;
        Assert.Contains(findings, found => found.Code == finding);
        Assert.Contains(findings, found => found.Code is LedgerFinding.Missing);
    }

    [Theory]
    [InlineData(
        "delete from ledger where id in (select ledger from ledger_seal where place = 12)",
        LedgerFinding.Missing
    )]
    [InlineData(
        "update ledger set actor = 'x' where id in (select ledger from ledger_seal where place = 12)",
        LedgerFinding.Broken
    )]
    [InlineData("update ledger_seal set hash = sha256('x') where place = 3", LedgerFinding.Rewritten)]
    [InlineData("delete from ledger_seal where place = 3", LedgerFinding.Missing)]
    [InlineData("delete from ledger_seal where place < 10", LedgerFinding.Missing)]
    [InlineData("update ledger_drop set before = 12", LedgerFinding.Rewritten)]
    [InlineData("update ledger_drop set export = 'elsewhere'", LedgerFinding.Forged)]
    [InlineData("delete from ledger_drop", LedgerFinding.Missing)]
    public async Task After_a_run_what_somebody_does_to_the_rest_or_to_hashes_is_found(string attack, string finding)
    {
        await WriteAsync(10, days: 400);
        await SealAsync();
        await WriteAsync(10, days: 1);
        await SealAsync();
        await KeepAsync(365);
        await RunAsync();
        await SealAsync();
        Assert.Empty((await VerifyAsync()).Findings);
        await _database!.TamperAsync($"set session_replication_role = replica; {attack}");

        Assert.Contains((await VerifyAsync()).Findings, found => found.Code == finding);
    }

    public async ValueTask InitializeAsync() => _database = ControlDatabase.Open(await cluster.ControlDatabaseAsync());

    public async ValueTask DisposeAsync()
    {
        _keys.Dispose();
        Directory.Delete(_layout.Home, recursive: true);
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private Task KeepAsync(int days) => Retention.SetAsync(days, "os/0", null, Ago(400), Token);

    private static DateTimeOffset Ago(int days) => TimeProvider.System.GetUtcNow().AddDays(-days);

    /// <summary>What is written is sealed, signed and witnessed all the while.</summary>
    private async Task<LedgerRetentionDone> RunAsync(int daysAgo = 0)
    {
        var job = await EndedAsync(daysAgo);
        Assert.Equal((JobOutcome.Done, null), (job.Outcome, job.Failure));
        return StoredJson.Read<LedgerRetentionDone>(job.Result!);
    }

    private async Task<string> FailedRunAsync()
    {
        var job = await EndedAsync(0);
        Assert.Equal(JobOutcome.Failed, job.Outcome);
        return job.Failure!;
    }

    private async Task<Job> EndedAsync(int daysAgo)
    {
        var earlier = daysAgo == 0 ? null : new FakeTimeProvider(Ago(daysAgo)); // what it writes is as old
        var clock = earlier ?? TimeProvider.System;
        var served = new ServedSites([new("oslo")], "test", TimeSpan.FromSeconds(30));
        var jobs = new JobStore(_database!, clock);
        var desk = new LedgerRetentionDesk(jobs, served, Retention, _keys);
        var id = await desk.RunAsync("os/0", null, Token);
        var objects = new FolderObjectStore(_layout.Objects, TimeProvider.System);
        var handler = new LedgerRetentionHandler(
            new BackupPlaces(_layout, cluster.Site, objects, objects),
            desk,
            Retention,
            Store,
            new(_keys, clock) { Patience = TimeSpan.FromSeconds(8) }
        );
        using var loop = new JobLoop(jobs, served, [handler], clock, NullLogger<JobLoop>.Instance);
        var turn = loop.TurnAsync(Token);
        while (!turn.IsCompleted)
        {
            await SealAsync();
            earlier?.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(await turn);
        return (await jobs.FindAsync(id, Token))!;
    }

    private async Task<MemoryStream> ReadAsync(LedgerRetentionDone done)
    {
        var objects = new FolderObjectStore(_layout.Objects, TimeProvider.System);
        await using var stored = await objects.GetAsync(ObjectKey.Create(done.Export!), Token);
        var read = new MemoryStream();
        await stored!.CopyToAsync(read, Token);
        return read;
    }

    private async Task<MemoryStream> ExportAsync()
    {
        var lines = new MemoryStream();
        await new LedgerExport(Store).WriteAsync(lines, Token);
        return lines;
    }

    private async Task<LedgerVerifier> VerifyAsync() => await VerifyAsync(await ExportAsync(), _kept);

    private async Task<LedgerVerifier> VerifyAsync(MemoryStream lines, IEnumerable<LedgerCheckpoint> kept)
    {
        lines.Position = 0;
        var verifier = new LedgerVerifier([_keys.Signing], kept);
        await LedgerReading.CheckAsync(lines, verifier, Token);
        return verifier;
    }

    /// <summary>Sealed and signed, and told as the home's file would have it.</summary>
    private async Task SealAsync(bool isWitnessed = true)
    {
        _clock.Advance(LedgerSealer.BetweenCheckpoints);
        using var sealer = new LedgerSealer(
            Store,
            new LedgerFloor(Store, _clock),
            _keys,
            _clock,
            NullLogger<LedgerSealer>.Instance
        );
        while (await sealer.TurnAsync(Token)) { }

        var signed = await Store.CheckpointsAsync(Token);
        _kept.AddRange(signed.Skip(_kept.Count));
        if (isWitnessed && signed is [.., var newest])
        {
            await Retention.ReportAsync(
                "oslo",
                [(_layout.LedgerCheckpoints, newest.Size)],
                TimeProvider.System.GetUtcNow(),
                Token
            );
        }
    }

    private async Task WriteAsync(int entries, int days)
    {
        await using var command = _database!.CreateCommand(
            "insert into ledger (at, kind, actor, tenant, reason) select now() - make_interval(days => $2), 'decision', 'os/0', 'shop-oslo', 'entry ' || i from generate_series(1, $1) i"
        );
        command.Parameters.Add(new NpgsqlParameter { Value = entries });
        command.Parameters.Add(new NpgsqlParameter { Value = days });
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task<string?> ScalarAsync(string query)
    {
        await using var command = _database!.CreateCommand(query);
        return (await command.ExecuteScalarAsync(Token))?.ToString();
    }
}
