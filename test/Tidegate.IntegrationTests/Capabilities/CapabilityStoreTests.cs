using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Capabilities;

/// <summary>Capability records on PostgreSQL.</summary>
public sealed class CapabilityStoreTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>, IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly ReleaseDigest Digest = ReleaseDigest.Create($"sha256:{new string('2', 64)}");
    private static readonly ProbeOptions Mine = new("engine/mine", "local");
    private static readonly ProbeOptions Theirs = new("engine/theirs", "local");
    private static readonly ProbeTimes Times = new(Noon, TimeSpan.FromSeconds(21));
    private NpgsqlDataSource? _database;

    private CapabilityStore Store => new(_database!);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registered_release_is_due_until_it_was_run_once()
    {
        Assert.Empty(await Store.DueAsync(Noon.AddSeconds(59), Token));
        Assert.Equal([Digest], await Store.DueAsync(Noon.AddMinutes(1), Token));
        Assert.Null(await Store.FindAsync(Digest, Token));

        Assert.True(await Store.ClaimAsync(Digest, Mine, Noon, Token));
        Assert.Empty(await Store.DueAsync(Noon.AddMinutes(1), Token));
        await Store.EndAsync(Digest, new ProbeOutcome.Made(Record), Mine, Times, Token);

        Assert.Empty(await Store.DueAsync(Noon.AddMinutes(1), Token));
        var stored = await Store.FindAsync(Digest, Token);
        Assert.Equal(StoredJson.Write(Record), StoredJson.Write(stored!.Record));
        Assert.Equal(
            (false, Noon, TimeSpan.FromSeconds(21), "local"),
            (stored.IsWanted, stored.MadeAt, stored.Took, stored.Site)
        );
    }

    [Fact]
    public async Task Of_two_servers_one_runs_it()
    {
        var claims = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(number => Store.ClaimAsync(Digest, Mine with { Owner = $"engine/{number}" }, Noon, Token))
        );

        Assert.Single(claims, claimed => claimed);
    }

    [Fact]
    public async Task What_a_server_that_is_gone_had_begun_is_begun_again_and_its_late_answer_changes_nothing()
    {
        await Store.ClaimAsync(Digest, Theirs with { Lease = TimeSpan.Zero }, Noon, Token);
        Assert.Equal([Digest], await Store.DueAsync(Noon.AddMinutes(1), Token));

        Assert.True(await Store.ClaimAsync(Digest, Mine, Noon, Token));
        Assert.False(await Store.RenewAsync(Digest, Theirs, Token));
        await Store.EndAsync(Digest, new ProbeOutcome.Failed("late"), Theirs, Times, Token);

        Assert.True((await Store.FindAsync(Digest, Token))!.IsWanted);
        Assert.True(await Store.RenewAsync(Digest, Mine, Token));
    }

    [Fact]
    public async Task Asked_for_again_the_old_record_stays_until_there_is_a_new_one()
    {
        await Store.ClaimAsync(Digest, Mine, Noon, Token);
        await Store.EndAsync(Digest, new ProbeOutcome.Made(Record), Mine, Times, Token);
        await Store.RequestAsync(Digest, "os/0", Noon, Token);
        await Store.RequestAsync(Digest, "os/0", Noon, Token);

        var wanted = await Store.FindAsync(Digest, Token);
        Assert.True(wanted!.IsWanted);
        Assert.NotNull(wanted.Record);

        await Store.ClaimAsync(Digest, Mine, Noon, Token);
        await Store.EndAsync(Digest, new ProbeOutcome.Failed("the disk is full"), Mine, Times, Token);
        var failed = await Store.FindAsync(Digest, Token);
        Assert.Equal((null, "the disk is full"), (failed!.Record, failed.Failure));
        Assert.Equal(
            [
                "outcome run in the sandbox",
                "command run in the sandbox",
                "outcome not run in the sandbox: the disk is full",
            ],
            await LedgerAsync()
        );
    }

    [Fact]
    public async Task A_release_that_nobody_asked_for_waits_until_no_shop_is_on_its_way()
    {
        await ExecuteAsync(
            """
            insert into rollout (id, environment, release_name, release_digest, plan_hash, policy, excluded, started_by, created_at, due_at)
            values ('r-1', 'production', '1', '', '', '{}', '[]', 'test', now(), now())
            """
        );
        Assert.Equal([Digest], await Store.DueAsync(Noon.AddMinutes(1), Token));
        await ExecuteAsync(
            """
            insert into upgrade (id, rollout, tenant, site, wave, ordinal, target, steps, back, mode, predicted_hold, checkpoint_bytes, state, due_at)
            values ('u-1', 'r-1', 't', 's', 1, 1, '{}', '[]', '[]', 'held', '1s', 0, 'forward', now())
            """
        );

        Assert.Empty(await Store.DueAsync(Noon.AddMinutes(1), Token));
        await Store.RequestAsync(Digest, "os/0", Noon, Token);
        Assert.Equal([Digest], await Store.DueAsync(Noon.AddMinutes(1), Token));
    }

    [Fact]
    public async Task Nobody_may_ask_for_a_release_that_is_not_registered() =>
        await Assert.ThrowsAsync<PostgresException>(() =>
            Store.RequestAsync(ReleaseDigest.Create($"sha256:{new string('9', 64)}"), "os/0", Noon, Token)
        );

    public async ValueTask InitializeAsync()
    {
        _database = ControlDatabase.Open(await cluster.ControlDatabaseAsync());
        await new ReleaseStore(_database).AddAsync(
            new(new("2026.11.2", Digest), ReleaseNotes.None, ReleaseRisk.Normal, Noon, "test"),
            [],
            Token
        );
        await ExecuteAsync("alter table ledger disable trigger all; delete from ledger");
    }

    public async ValueTask DisposeAsync()
    {
        await _database!.DisposeAsync();
    }

    private static CapabilityRecord Record { get; } =
        new(
            CapabilityRecord.CurrentSchema,
            Digest,
            "Odoo Server 19.0",
            "15.14",
            "abc",
            new([new("GET /web/health", 200, "pass")], null, 2.5),
            new(
                new("19.0", "19.0", "Odoo", "3.11.2"),
                [new("workers", ["--workers"], "int", [], true, "0")],
                null,
                [new("base", "core/base", "19.0.1.3", true, true, null) { Checksum = "c" }],
                [],
                null,
                null,
                null,
                new("15s", false, true, [new("lock_timeout", "SET", "15s")], ["base"]),
                new(["base"], [new("auth", ["a.b"])]),
                ImmutableSortedDictionary<string, string>.Empty.Add("files", "no"),
                ImmutableSortedDictionary<string, double>.Empty.Add("files", 1.5)
            )
        );

    private async Task ExecuteAsync(string statement)
    {
        await using var command = _database!.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task<string[]> LedgerAsync()
    {
        await using var command = _database!.CreateCommand("select kind || ' ' || reason from ledger order by id");
        await using var reader = await command.ExecuteReaderAsync(Token);
        var lines = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            lines.Add(reader.GetString(0));
        }

        return [.. lines];
    }
}
