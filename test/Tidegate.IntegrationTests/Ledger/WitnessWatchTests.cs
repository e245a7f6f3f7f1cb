using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Ledger;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Ledger;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Ledger;

/// <summary>Checkpoints reach their witnesses, and what witnesses know that the database does not is told.</summary>
public sealed class WitnessWatchTests(PostgresCluster cluster)
    : IClassFixture<PostgresCluster>,
        IAsyncLifetime,
        IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly OwnLedgerKey _keys = new();
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-witness-").FullName);
    private string _connection = "";
    private NpgsqlDataSource? _database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_was_away_gets_all_that_it_has_missed_in_order()
    {
        var scripted = new Scripted();
        using var delivery = Delivery(scripted);
        await SignAsync(2);
        await delivery.TurnAsync(Token);
        scripted.IsAway = true;
        await SignAsync(3);
        await Assert.ThrowsAsync<IOException>(() => delivery.TurnAsync(Token));
        await SignAsync(4);
        Assert.Equal(
            (2, true, "it is away"),
            (delivery.State.Kept, delivery.State.BehindSince is not null, delivery.State.Why)
        );

        scripted.IsAway = false;
        await delivery.TurnAsync(Token);

        Assert.Equal([2, 5, 9], scripted.Kept.Select(kept => kept.Size));
        Assert.Equal(new WitnessState(9, null, null), delivery.State);
    }

    [Fact]
    public async Task One_that_falls_behind_is_a_blocker_until_it_has_all()
    {
        var scripted = new Scripted { IsAway = true };
        using var witnesses = Witnesses(scripted);
        using var watch = Watch(witnesses);
        await SignAsync(2);
        await Assert.ThrowsAsync<IOException>(() => witnesses.All[0].TurnAsync(Token));
        await watch.TurnAsync(Token);
        Assert.Empty(await BlockersAsync());

        _clock.Advance(WitnessWatch.Bound + TimeSpan.FromSeconds(1));
        await watch.TurnAsync(Token);
        var blocker = Assert.Single(await BlockersAsync());
        Assert.Equal(
            ("ledger-witness-behind", true),
            (blocker.Code, blocker.What.Contains("a script (it is away)", StringComparison.Ordinal))
        );

        scripted.IsAway = false;
        await witnesses.All[0].TurnAsync(Token);
        await watch.TurnAsync(Token);
        Assert.Empty(await BlockersAsync());
    }

    /// <summary>What is kept grows with the ledger: a server that runs for years reads it once.</summary>
    [Fact]
    public async Task What_was_compared_is_read_again_only_where_the_database_has_become_an_older_one()
    {
        var scripted = new Scripted();
        using var witnesses = Witnesses(scripted);
        using var watch = Watch(witnesses);
        await DeliverAsync(5);
        await watch.TurnAsync(Token);
        await DeliverAsync(7);
        _clock.Advance(WitnessWatch.BetweenComparisons);
        await watch.TurnAsync(Token);
        await DeliverAsync(3);
        _clock.Advance(WitnessWatch.BetweenComparisons);
        await watch.TurnAsync(Token);

        Assert.Equal([0, 5, 12], scripted.AskedBeyond);
        Assert.Empty(await BlockersAsync());

        await ForgetAsync(beyond: 5);
        _clock.Advance(WitnessWatch.BetweenComparisons);
        await watch.TurnAsync(Token);

        Assert.Equal([0, 5, 12, 0], scripted.AskedBeyond);
        Assert.Contains(
            "never heard of: 2, of 12 to 15 entries",
            Assert.Single(await BlockersAsync()).What,
            StringComparison.Ordinal
        );

        async Task DeliverAsync(int entries)
        {
            await SignAsync(entries);
            using var delivery = Delivery(scripted);
            await delivery.TurnAsync(Token);
        }
    }

    [Fact]
    public async Task An_older_control_database_is_told_by_what_the_home_kept_and_stays_told_when_it_goes_on()
    {
        await SignAsync(5);
        await DeliverAsync();
        var dump = Path.Join(_layout.Home, "older.dump");
        await DumpAsync(dump);
        await SignAsync(7);
        await DeliverAsync();
        using (var watch = Watch(FileWitnesses()))
        {
            await watch.TurnAsync(Token);
            Assert.Empty(await BlockersAsync());
        }

        await RestoreAsync(dump);
        using (var watch = Watch(FileWitnesses()))
        {
            await watch.TurnAsync(Token);
            var blocker = Assert.Single(await BlockersAsync());
            Assert.Equal("ledger-older", blocker.Code);
            Assert.Contains("never heard of: 1, of 12 to 12 entries", blocker.What, StringComparison.Ordinal);
            Assert.Contains(LedgerFinding.Truncated, await FindingsAsync());
        }

        // It works on, until it has more entries than there were: still told, and it can be proven that two histories are signed.
        await SignAsync(20);
        await DeliverAsync();
        using (var watch = Watch(FileWitnesses()))
        {
            await watch.TurnAsync(Token);
            Assert.Equal("ledger-older", Assert.Single(await BlockersAsync()).Code);
            Assert.Contains(LedgerFinding.Rewritten, await FindingsAsync());

            File.Move(_layout.LedgerCheckpoints, _layout.LedgerCheckpoints + ".before-the-restore");
            _clock.Advance(WitnessWatch.BetweenLooksAgain);
            await watch.TurnAsync(Token);
            Assert.Empty(await BlockersAsync());
        }

        Assert.Equal(["blocked ledger/oslo (ledger-older)", "cleared ledger/oslo (ledger-older)"], await SaidAsync());
    }

    public async ValueTask InitializeAsync()
    {
        _connection = await cluster.ControlDatabaseAsync();
        _database = ControlDatabase.Open(_connection);
    }

    public async ValueTask DisposeAsync()
    {
        _keys.Dispose();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        Directory.Delete(_layout.Home, recursive: true);
    }

    private LedgerStore Store => new(_database!);

    private CheckpointDelivery Delivery(ICheckpointWitness witness) =>
        new(witness, Store, _clock, NullLogger<CheckpointDelivery>.Instance);

    private LedgerWitnesses Witnesses(ICheckpointWitness witness) =>
        new([witness], Store, _clock, NullLogger<CheckpointDelivery>.Instance);

    private LedgerWitnesses FileWitnesses() => Witnesses(new CheckpointFile(_layout));

    private WitnessWatch Watch(LedgerWitnesses witnesses) =>
        new(new("oslo"), witnesses, Store, new BlockerStore(_database!), _clock, NullLogger<WitnessWatch>.Instance);

    private async Task<IReadOnlyList<Blocker>> BlockersAsync() =>
        await new BlockerStore(_database!).ListAsync(["ledger/oslo"], Token);

    private async Task DeliverAsync()
    {
        using var witnesses = FileWitnesses();
        await witnesses.All[0].TurnAsync(Token);
    }

    /// <summary>Writes entries, and has them sealed and signed by a server that has just started.</summary>
    private async Task SignAsync(int entries)
    {
        await using (
            var command = _database!.CreateCommand(
                "insert into ledger (at, kind, actor, reason) select clock_timestamp(), 'decision', 'os/0', 'entry ' || i from generate_series(1, $1) i"
            )
        )
        {
            command.Parameters.Add(new NpgsqlParameter { Value = entries });
            await command.ExecuteNonQueryAsync(Token);
        }

        _clock.Advance(LedgerSealer.BetweenCheckpoints);
        using var sealer = new LedgerSealer(
            Store,
            new LedgerFloor(Store, _clock),
            _keys,
            _clock,
            NullLogger<LedgerSealer>.Instance
        );
        await sealer.TurnAsync(Token);
    }

    private async Task<IReadOnlyList<string>> FindingsAsync()
    {
        var verifier = new LedgerVerifier(
            [_keys.Signing],
            LedgerReading.Checkpoints(await File.ReadAllLinesAsync(_layout.LedgerCheckpoints, Token))
        );
        using var lines = new MemoryStream();
        await new LedgerExport(Store).WriteAsync(lines, Token);
        lines.Position = 0;
        await LedgerReading.CheckAsync(lines, verifier, Token);
        return [.. verifier.Findings.Select(found => found.Code)];
    }

    private async Task<IReadOnlyList<string>> SaidAsync()
    {
        await using var command = _database!.CreateCommand(
            "select split_part(reason, ':', 1) from ledger where actor = 'ledger/oslo' order by id"
        );
        await using var reader = await command.ExecuteReaderAsync(Token);
        var said = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            said.Add(reader.GetString(0));
        }

        return said;
    }

    private string Name => new NpgsqlConnectionStringBuilder(_connection).Database!;

    /// <summary>As a server finds it that ran on while an older database took the place of its own.</summary>
    private async Task ForgetAsync(long beyond)
    {
        await using var command = _database!.CreateCommand(
            $"set session_replication_role = replica; delete from ledger_checkpoint where size > {beyond}; reset session_replication_role"
        );
        await command.ExecuteNonQueryAsync(Token);
    }

    private Task DumpAsync(string file) =>
        PostgresTools.RunAsync(
            PostgresTools.Binary("pg_dump"),
            "--host",
            cluster.Site.SocketDirectory,
            "--username",
            "postgres",
            "--format",
            "custom",
            "--file",
            file,
            Name
        );

    /// <summary>The whole database from the dump, in place of what there is.</summary>
    private async Task RestoreAsync(string file)
    {
        await _database!.DisposeAsync();
        await cluster.ExecuteAsync("postgres", $"drop database {Name} with (force)", $"create database {Name}");
        await PostgresTools.RunAsync(
            PostgresTools.Binary("pg_restore"),
            "--host",
            cluster.Site.SocketDirectory,
            "--username",
            "postgres",
            "--exit-on-error",
            "--dbname",
            Name,
            file
        );
        _database = ControlDatabase.Open(_connection);
    }

    private sealed class Scripted : ICheckpointWitness
    {
        public List<LedgerCheckpoint> Kept { get; } = [];

        public bool IsAway { get; set; }

        public string Where => "a script";

        public Task KeepAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken)
        {
            if (IsAway)
            {
                throw new IOException("it is away");
            }

            Kept.Add(checkpoint);
            return Task.CompletedTask;
        }

        /// <summary>From where on it was asked, each time.</summary>
        public List<long> AskedBeyond { get; } = [];

        public async IAsyncEnumerable<KeptCheckpoint> KeptAsync(
            long beyond,
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await Task.CompletedTask;
            AskedBeyond.Add(beyond);
            foreach (var kept in Kept.Where(kept => kept.Size > beyond))
            {
                yield return new(kept.Size, kept.Root);
            }
        }
    }
}
