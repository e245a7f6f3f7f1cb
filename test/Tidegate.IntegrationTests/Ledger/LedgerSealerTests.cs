using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Tidegate.ControlPlane.Ledger;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Ledger;

/// <summary>Sealing on PostgreSQL, and what shows of those who change it with all rights there are.</summary>
public sealed class LedgerSealerTests(PostgresCluster cluster)
    : IClassFixture<PostgresCluster>,
        IAsyncLifetime,
        IAsyncDisposable
{
    private readonly Kept _kept = new();
    private NpgsqlDataSource? _database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_is_sealed_in_order_signed_and_passes()
    {
        await WriteAsync(12_000);
        await SealAllAsync();

        var verifier = await VerifyAsync();
        Assert.Empty(verifier.Findings);
        Assert.Equal((12_000, 12_000), (verifier.Size, verifier.SignedTo));
    }

    [Fact]
    public async Task Sealing_twice_seals_once()
    {
        await WriteAsync(3);
        await SealAllAsync();
        await SealAllAsync();

        Assert.Equal(3, (await VerifyAsync()).Size);
    }

    [Fact]
    public async Task An_entry_that_becomes_visible_after_a_later_one_is_sealed_too()
    {
        var store = new LedgerStore(_database!);
        var sealer = Sealer();
        await using var late = await _database!.OpenConnectionAsync(Token);
        await using var transaction = await late.BeginTransactionAsync(Token);
        await WriteAsync(1, late);
        for (var round = 0; round < 4; round++)
        {
            await WriteAsync(2);
            await sealer.TurnAsync(Token);
        }

        await transaction.CommitAsync(Token);
        await sealer.TurnAsync(Token);

        Assert.Equal((9, 0), (await store.SizeAsync(Token), (await store.LookAsync(0, Token)).Unsealed));
        Assert.Empty((await VerifyAsync()).Findings);
    }

    [Fact]
    public async Task What_is_sealed_is_not_read_again_and_what_is_under_way_is_waited_for()
    {
        var floor = new LedgerFloor(new LedgerStore(_database!), TimeProvider.System);
        await using var late = await _database!.OpenConnectionAsync(Token);
        await using var transaction = await late.BeginTransactionAsync(Token);
        await WriteAsync(1, late);
        await WriteAsync(5);
        await SealAllAsync();
        await floor.LookAsync(Token);
        await floor.LookAsync(Token);
        Assert.Equal(0, floor.Value);

        await transaction.CommitAsync(Token);
        Assert.Equal(1, (await floor.LookAsync(Token)).Unsealed);
        Assert.Equal(1, (await floor.LookAsync(Token)).Unsealed);

        await SealAllAsync();
        await floor.LookAsync(Token);
        await floor.LookAsync(Token);
        Assert.Equal((await new LedgerStore(_database!).LookAsync(0, Token)).Highest, floor.Value);
    }

    [Fact]
    public async Task Two_servers_take_turns_and_make_one_chain()
    {
        LedgerSealer[] servers = [Sealer(), Sealer()];
        for (var round = 0; round < 20; round++)
        {
            await WriteAsync(7);
            await Task.WhenAll(servers.Select(server => server.TurnAsync(Token)));
        }

        await SealAllAsync();
        var verifier = await VerifyAsync();
        Assert.Empty(verifier.Findings);
        Assert.Equal(140, verifier.Size);
    }

    [Fact]
    public async Task One_that_stands_still_in_the_middle_of_its_turn_keeps_no_other_from_sealing()
    {
        await WriteAsync(2);
        var stands = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isIn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var frozen = new LedgerStore(_database!).SealAsync(
            0,
            10,
            async (_, _, _) =>
            {
                isIn.SetResult();
                await stands.Task;
                return new([], null, []);
            },
            Token
        );
        await isIn.Task;

        var store = new LedgerStore(_database!);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await Sealer().TurnAsync(Token);
                return (await store.LookAsync(0, Token)).Unsealed == 0;
            },
            () => "PostgreSQL did not put the first one out"
        );
        stands.SetResult();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => frozen);
    }

    [Fact]
    public async Task The_tables_refuse_change_and_removal()
    {
        await WriteAsync(2);
        await SealAllAsync();
        string[] attempts =
        [
            "update ledger set actor = 'x'",
            "delete from ledger",
            "truncate ledger cascade",
            "update ledger_seal set hash = '\\x00'",
            "delete from ledger_seal",
            "delete from ledger_checkpoint",
        ];
        foreach (var attempt in attempts)
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(attempt));
            Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(
        "update ledger set actor = 'somebody-else' where id = (select min(id) + 3 from ledger)",
        LedgerFinding.Broken
    )]
    [InlineData(
        "delete from ledger_seal where place = 4; delete from ledger where id = (select min(id) + 4 from ledger)",
        LedgerFinding.Missing
    )]
    [InlineData(
        "delete from ledger_checkpoint; delete from ledger_seal where place >= 6; delete from ledger where id >= (select min(id) + 6 from ledger)",
        LedgerFinding.Truncated
    )]
    public async Task Who_has_all_rights_cannot_change_it_unseen(string attack, string finding)
    {
        await WriteAsync(10);
        await SealAllAsync();
        await ExecuteAsync($"set session_replication_role = replica; {attack}");

        Assert.Contains((await VerifyAsync()).Findings, found => found.Code == finding);
    }

    [Fact]
    public async Task One_entry_is_proven_without_the_others()
    {
        await WriteAsync(10);
        await SealAllAsync();

        var proof = await new LedgerExport(new LedgerStore(_database!)).ProveAsync(6, Token);
        Assert.NotNull(proof);
        Assert.True(
            MerkleTree.IsIncluded(
                MerkleTree.Leaf(Encoding.UTF8.GetBytes(proof.Entry)),
                6,
                proof.Checkpoint.Size,
                proof.Proof.Select(Convert.FromHexString),
                Convert.FromHexString(proof.Checkpoint.Root)
            )
        );
        Assert.True(_kept.Signing.Signed(LedgerReading.From(proof.Checkpoint)));
    }

    [Fact]
    public async Task A_witness_that_fails_stops_no_sealing()
    {
        _kept.Fails = true;
        await WriteAsync(3);
        await SealAllAsync();

        Assert.Equal(3, (await VerifyAsync()).Size);
    }

    public async ValueTask InitializeAsync() => _database = ControlDatabase.Open(await cluster.ControlDatabaseAsync());

    public async ValueTask DisposeAsync()
    {
        _kept.Dispose();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private LedgerSealer Sealer(TimeProvider? clock = null) =>
        new(
            new LedgerStore(_database!),
            new LedgerFloor(new LedgerStore(_database!), clock ?? TimeProvider.System),
            _kept,
            [_kept],
            clock ?? TimeProvider.System,
            NullLogger<LedgerSealer>.Instance
        );

    /// <summary>By a server that has just started, and until it has signed what it sealed.</summary>
    private async Task SealAllAsync()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)); // later than any other
        var sealer = Sealer(clock);
        while (await sealer.TurnAsync(Token)) { }

        clock.Advance(LedgerSealer.BetweenCheckpoints);
        await sealer.TurnAsync(Token);
    }

    private async Task<LedgerVerifier> VerifyAsync()
    {
        var verifier = new LedgerVerifier([_kept.Signing], _kept.Checkpoints);
        using var lines = new MemoryStream();
        await new LedgerExport(new LedgerStore(_database!)).WriteAsync(lines, Token);
        lines.Position = 0;
        await LedgerReading.CheckAsync(lines, verifier, Token);
        return verifier;
    }

    private async Task WriteAsync(int entries, NpgsqlConnection? on = null)
    {
        var connection = on ?? await _database!.OpenConnectionAsync(Token);
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText =
                "insert into ledger (at, kind, actor, tenant, reason) select clock_timestamp(), 'decision', 'os/0', 'shop-oslo', 'entry ' || i from generate_series(1, $1) i";
            command.Parameters.Add(new NpgsqlParameter { Value = entries });
            await command.ExecuteNonQueryAsync(Token);
        }
        finally
        {
            if (on is null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await _database!.OpenConnectionAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
        await using var reset = new NpgsqlCommand("reset session_replication_role", connection);
        await reset.ExecuteNonQueryAsync(Token);
    }

    private sealed class Kept : ILedgerKeys, ICheckpointWitness, IDisposable
    {
        public List<LedgerCheckpoint> Checkpoints { get; } = [];

        public bool Fails { get; set; }

        public LedgerKey Signing { get; } = LedgerKey.Create();

        public string Where => "a test";

        public Task KeepAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken)
        {
            if (Fails)
            {
                throw new IOException("the disk is full");
            }

            lock (Checkpoints)
            {
                Checkpoints.Add(checkpoint);
            }

            return Task.CompletedTask;
        }

        public void Dispose() => Signing.Dispose();
    }
}
