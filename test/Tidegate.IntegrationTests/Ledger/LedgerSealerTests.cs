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
    private readonly OwnLedgerKey _keys = new();
    private readonly List<LedgerCheckpoint> _kept = [];
    private NpgsqlDataSource? _database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Sealed and checked are written by two hands: one takes them from objects, one from PostgreSQL's bytes.</summary>
    [Fact]
    public async Task What_is_checked_is_byte_for_byte_what_was_sealed_whatever_the_texts_hold()
    {
        await _database!.TamperAsync(
            """
            insert into ledger (at, kind, actor, tenant, rollout, upgrade, step, epoch, digest, reason) values
              ('2026-11-27 10:00:00.123456+01', 'intent', 'a"b\c', 'shop', 'r-1', 'u-1', 'copy', 7, 'sha256:1', E'\t\n\r\b\f\u0001\u007f</>&'),
              ('2026-11-27 10:00:00+00', 'decision', 'Øystein 漢字 😀', null, null, null, null, null, null, E'line\u2028separator é e\u0301'),
              ('0001-01-01 00:00:00+00', 'command', '', null, null, null, null, -1, '', null)
            """
        );
        await SealAllAsync();

        var verifier = await VerifyAsync();

        Assert.Empty(verifier.Findings);
        Assert.Equal(3, verifier.Size);
    }

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
    public async Task Whatever_an_entry_says_is_exported_as_it_was_sealed()
    {
        await using (
            var command = _database!.CreateCommand(
                """
                insert into ledger (at, kind, actor, rollout, upgrade, tenant, step, epoch, digest, reason)
                select at, 'command', said, nullif(said, 'ö'), said, nullif(said, ''), said, epoch, nullif(said, 'ö'), said
                  from unnest($1::text[]) said,
                       unnest($2::timestamptz[]) at, unnest(array[null, 0, -7, 9223372036854775807]) epoch
                """
            )
        )
        {
            command.Parameters.Add(
                new NpgsqlParameter
                {
                    Value = new[]
                    {
                        "",
                        "ö",
                        "\"später\"\\\n\u0001\u001f\u007f",
                        "日本\t\b\f\r😀",
                        new string('x', 5_000),
                    },
                }
            );
            command.Parameters.Add(
                new NpgsqlParameter
                {
                    Value = new[]
                    {
                        DateTime.UnixEpoch,
                        new DateTime(2026, 11, 26, 8, 0, 0, DateTimeKind.Utc).AddTicks(1_234_560),
                        new DateTime(1, 1, 2, 0, 0, 0, DateTimeKind.Utc),
                        new DateTime(9999, 12, 30, 23, 59, 59, DateTimeKind.Utc),
                    },
                }
            );
            await command.ExecuteNonQueryAsync(Token);
        }

        await SealAllAsync();

        var verifier = await VerifyAsync();
        Assert.Empty(verifier.Findings);
        Assert.Equal(5 * 4 * 4, verifier.Size);
    }

    [Fact]
    public async Task Checkpoints_of_which_every_seal_is_gone_are_exported_and_found()
    {
        await WriteAsync(2);
        await SealAllAsync();
        await _database!.TamperAsync(
            "set session_replication_role = replica; delete from ledger_seal; delete from ledger"
        );

        Assert.Contains((await VerifyAsync()).Findings, found => found.Code is LedgerFinding.Missing);
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
    public async Task Whoever_writes_in_a_copy_of_the_database_is_no_writer_of_this_one()
    {
        var original = new NpgsqlConnectionStringBuilder(await cluster.ControlDatabaseAsync()) { Pooling = false };
        var copy = $"{original.Database}_copy"; // its tables have the same numbers
        await cluster.ExecuteAsync("postgres", $"create database {copy} template {original.Database}");
        await using var there = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(original.ConnectionString) { Database = copy }.ConnectionString
        );
        await there.OpenAsync(Token);
        await using var transaction = await there.BeginTransactionAsync(Token);
        await WriteAsync(1, there);

        await using var here = NpgsqlDataSource.Create(original.ConnectionString);
        Assert.Empty((await new LedgerStore(here).LookAsync(0, Token)).Writers);
    }

    [Fact]
    public async Task The_floor_rises_although_something_always_waits()
    {
        var store = new LedgerStore(_database!);
        var floor = new LedgerFloor(store, TimeProvider.System);
        await WriteAsync(5);
        await SealAllAsync();
        for (var round = 0; round < 3; round++)
        {
            await WriteAsync(1);
            Assert.True((await floor.LookAsync(Token)).Unsealed > 0);
        }

        Assert.Equal((await store.LookAsync(0, Token)).Lowest - 1, floor.Value);
    }

    [Fact]
    public async Task More_than_a_batch_is_sealed_although_one_below_comes_late()
    {
        var sealer = Sealer();
        await using var late = await _database!.OpenConnectionAsync(Token);
        await using var transaction = await late.BeginTransactionAsync(Token);
        await WriteAsync(1, late);
        await WriteAsync(6_000);
        Assert.True(await sealer.TurnAsync(Token)); // there is more
        await transaction.CommitAsync(Token);
        Assert.False(await sealer.TurnAsync(Token));
        await sealer.TurnAsync(Token);

        Assert.Equal(6_001, await new LedgerStore(_database!).SizeAsync(Token));
        await SealAllAsync();
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
            var refused = await Assert.ThrowsAsync<PostgresException>(() => _database!.TamperAsync(attempt));
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
        await _database!.TamperAsync($"set session_replication_role = replica; {attack}");

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
        Assert.True(_keys.Signing.Signed(LedgerReading.From(proof.Checkpoint)));
    }

    public async ValueTask InitializeAsync() => _database = ControlDatabase.Open(await cluster.ControlDatabaseAsync());

    public async ValueTask DisposeAsync()
    {
        _keys.Dispose();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private LedgerSealer Sealer(TimeProvider? clock = null) =>
        new(
            new LedgerStore(_database!),
            new LedgerFloor(new LedgerStore(_database!), clock ?? TimeProvider.System),
            _keys,
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
        _kept.AddRange(await new LedgerStore(_database!).CheckpointsAsync(Token));
    }

    private async Task<LedgerVerifier> VerifyAsync()
    {
        var verifier = new LedgerVerifier([_keys.Signing], _kept);
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
}
