using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tidegate.Cli;
using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Copies;

/// <summary>Copies from the command line to the site and the ledger, and what the loop does without being asked.</summary>
public sealed class CopyCommandTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly SiteName Site = new("local");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copies_and_checkpoints_are_listed_together_extended_and_dropped()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await plane.RunAsync("rollout", "watch", await plane.StartRolloutAsync());
        var copy = await RecordAsync(plane, "db1__0badcafe", days: 1);

        var listed = await plane.RunAsync("copies", "list", "--tenant", "t1");
        var extended = await plane.RunAsync(
            "copies",
            "extend",
            copy.Value,
            "--days",
            "30",
            "--reason",
            "still looked at"
        );
        var unconfirmed = await plane.RunAsync("copies", "drop", copy.Value);
        var dropped = await plane.RunAsync("copies", "drop", copy.Value, "--yes", "--reason", "done");
        var again = await plane.RunAsync("copies", "drop", copy.Value, "--yes");
        var checkpoint = plane.Script.Checkpoints.Values.Single(kept => kept.Tenant.Value == "t1").Upgrade.Value;
        var wrongVerb = await plane.RunAsync("copies", "drop", checkpoint, "--yes");

        Assert.Equal(ExitCodes.Done, listed.Exit);
        Assert.Contains($"rehearsal   t1      local  50 MB", listed.Output, StringComparison.Ordinal);
        Assert.Contains("checkpoint  t1", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("t2", listed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, extended.Exit);
        Assert.Equal(ExitCodes.Usage, unconfirmed.Exit);
        Assert.Equal($"copy {copy} of t1 is gone: 50 MB\n", dropped.Output);
        Assert.Empty(Script(plane).Databases);
        Assert.Equal(ExitCodes.NotFound, again.Exit);
        Assert.Contains($"tidegate checkpoint drop {checkpoint} --yes", wrongVerb.Error, StringComparison.Ordinal);
        Assert.Contains(
            await plane.LedgerAsync("command"),
            line => line.Contains("still looked at", StringComparison.Ordinal)
        );
        Assert.Contains(
            await plane.LedgerAsync("intent"),
            line => line.Contains($"copy {copy} at db1__0badcafe: done", StringComparison.Ordinal)
        );
        Assert.Contains(
            await plane.LedgerAsync("outcome"),
            line => line.Contains("is gone: done", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Copies_read_as_they_always_did()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(
            cluster,
            services => services.AddSingleton<IHeldData, Backups>()
        );
        await MatchesAsync(plane, "list-none.txt", "copies", "list");
        var copy = (await RecordAsync(plane, "db1__0badcafe", days: 1)).Value;
        await RecordAsync(plane, "db2__0badcafe", days: 2);

        await MatchesAsync(plane, "list.txt", "copies", "list");
        await MatchesAsync(plane, "list.json", "copies", "list", "--tenant", "t1", "--json");
        await MatchesAsync(plane, "list-elsewhere.txt", "copies", "list", "--site", "oslo");
        await MatchesAsync(plane, "of.txt", "copies", "of", "t1", "--erasure");
        await MatchesAsync(plane, "of.json", "copies", "of", "t1", "--json");
        await MatchesAsync(plane, "extend.txt", "copies", "extend", copy, "--days", "30");
        await MatchesAsync(plane, "extend.json", "copies", "extend", copy, "--days", "31", "--json");
        await MatchesAsync(plane, "extend-for-ever.txt", "copies", "extend", copy, "--days", "367");
        await MatchesAsync(plane, "extend-unknown.txt", "copies", "extend", "c-1", "--days", "3");
        await MatchesAsync(plane, "drop-unconfirmed.txt", "copies", "drop", copy);
        await MatchesAsync(plane, "drop-unknown.txt", "copies", "drop", "c-1", "--yes");
        Script(plane).Obstacle = "session 17 of backup works on it";
        await MatchesAsync(plane, "drop-refused.txt", "copies", "drop", copy, "--yes");
        Script(plane).Obstacle = null;
        await MatchesAsync(plane, "drop.txt", "copies", "drop", copy, "--yes");
        var other = (await plane.QueryAsync("select id from data_copy where gone_at is null"))[0];
        await MatchesAsync(plane, "drop.json", "copies", "drop", other, "--yes", "--json");
    }

    [Fact]
    public async Task A_request_for_erasure_reaches_copies_and_backups_and_says_when_the_last_is_gone()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(
            cluster,
            services => services.AddSingleton<IHeldData, Backups>()
        );
        await RecordAsync(plane, "db1__0badcafe", days: 1);

        var answer = await plane.RunAsync("copies", "of", "t1", "--erasure");
        var other = await plane.RunAsync("copies", "of", "t3", "--erasure");

        Assert.Contains("tenant backup  s3://backups", answer.Output, StringComparison.Ordinal);
        Assert.Contains("The last of it is gone at 2030-01-01 00:00Z.", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing but tenant t3 itself holds its data.", other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_for_erasure_names_the_backups_of_the_tenants_site_that_hold_it()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await plane.QueryAsync(
            """
            insert into cluster_backup (site, label, type, started_at, stopped_at, start_lsn, stop_lsn, start_segment,
                                        stop_segment, size, repository_size, needs, has_page_errors, databases, expired_at)
            select site, label, 'full', now(), now(), '0/1000028', '0/1000100', '000000010000000000000001',
                   '000000010000000000000001', 1, 1, '{}', false, databases::jsonb, gone
              from (values ('local', 'now-F', '[{"name": "db1", "oid": 1}]', null::timestamptz),
                           ('local', 'while-a-cutover-F', '[{"name": "db1__next", "oid": 1}]', null),
                           ('local', 'of-a-namesake-F', '[{"name": "db10", "oid": 1}]', null),
                           ('local', 'expired-F', '[{"name": "db1", "oid": 1}]', now()),
                           ('oslo', 'elsewhere-F', '[{"name": "db1", "oid": 1}]', null)) b (site, label, databases, gone)
            returning label
            """
        );

        var answer = await plane.RunAsync("copies", "of", "t1", "--erasure");
        var held = answer.Output;

        Assert.True(answer.Exit == ExitCodes.Done, answer.Transcript);
        Assert.Contains("cluster backup  local", held, StringComparison.Ordinal);
        Assert.Contains("now-F", held, StringComparison.Ordinal);
        Assert.Contains("while-a-cutover-F", held, StringComparison.Ordinal);
        Assert.DoesNotContain("of-a-namesake-F", held, StringComparison.Ordinal);
        Assert.DoesNotContain("expired-F", held, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere-F", held, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_past_its_end_goes_by_itself_and_what_cannot_go_is_a_blocker()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var (late, busy) = (await RecordAsync(plane, "db1__00000001", days: -1), await OrderAsync(plane));
        await RecordAsync(plane, "db2__00000002", days: -1, busy);
        await RecordAsync(plane, "db3__00000003", days: 1);
        Script(plane).Obstacle = "session 17 of backup works on it";

        await Loop(plane).TurnAsync(Token);
        var blocked = await plane.RunAsync("blockers");
        Script(plane).Obstacle = null;
        await Loop(plane).TurnAsync(Token);
        var after = await plane.RunAsync("blockers");

        Assert.Contains(
            $"copy {late} of t1 is past its end and not gone: session 17",
            blocked.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(late.Value, after.Output, StringComparison.Ordinal);
        Assert.Equal(["db2__00000002", "db3__00000003"], Script(plane).Databases.Select(database => database.Name));
    }

    [Fact]
    public async Task What_belongs_to_nobody_is_told_after_two_looks_and_never_dropped()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        Script(plane).Databases = [new("db1__old_0badcafe", 1), new("db1", 1)];

        await Loop(plane).TurnAsync(Token);
        var first = await plane.RunAsync("blockers");
        await Loop(plane).TurnAsync(Token);
        var second = await plane.RunAsync("blockers");

        Assert.DoesNotContain("db1__old_0badcafe", first.Output, StringComparison.Ordinal);
        Assert.Contains(
            "db1__old_0badcafe on site local is a copy that belongs to nobody",
            second.Output,
            StringComparison.Ordinal
        );
        Assert.Equal(2, Script(plane).Databases.Length);
    }

    [Fact]
    public async Task Rows_that_a_way_back_wrote_out_are_a_copy_until_they_are_dropped()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        // A folder of evidence bears the tenant's name, which may be another tenant's database's.
        Script(plane).Exports = [new("/srv/evidence/w-1/db1", "w-1", "t1", 4096)];

        await Loop(plane).TurnAsync(Token);
        await Loop(plane).TurnAsync(Token); // known once
        var held = await plane.RunAsync("copies", "of", "t1", "--erasure");
        var copy = Assert.Single(
            await plane.QueryAsync("select id from data_copy where kind = 'export' and gone_at is null")
        );
        Assert.Contains("rows that way back w-1 took", held.Output, StringComparison.Ordinal);

        await plane.SucceedAsync("copies", "drop", copy, "--yes");
        await Loop(plane).TurnAsync(Token);

        Assert.Empty(Script(plane).Exports);
        Assert.Empty(await plane.QueryAsync("select id from data_copy where gone_at is null"));
    }

    [Fact]
    public async Task Over_the_sites_budget_there_is_no_room()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        var copy = await RecordAsync(plane, "db1__0badcafe", days: 1);
        var room = plane.Services.GetRequiredService<CopyRoom>();

        Assert.Null(await room.RefusalAsync(Site, 1L << 40, "test", Token));
        Script(plane).Budget = new(100L << 20);
        Assert.Null(await room.RefusalAsync(Site, 50L << 20, "test", Token));
        Assert.Contains(
            $"tidegate copies drop {copy} --yes",
            await room.RefusalAsync(Site, 51L << 20, "test", Token),
            StringComparison.Ordinal
        );
    }

    private static async Task MatchesAsync(ScriptedControlPlane plane, string golden, params string[] arguments) =>
        Golden.Matches(golden, Golden.Steady((await plane.RunAsync(arguments)).Transcript));

    private static CopiesScript Script(ScriptedControlPlane plane) => plane.Services.GetRequiredService<CopiesScript>();

    private static CopyLoop Loop(ScriptedControlPlane plane) =>
        plane.Services.GetServices<IHostedService>().OfType<CopyLoop>().Single();

    private static Task<JobId> OrderAsync(ScriptedControlPlane plane) =>
        plane
            .Services.GetRequiredService<JobStore>()
            .OrderAsync(
                new JobKind<string, string>("nobody-does-it"),
                new JobOrder<string>(Site, "t2", "", "ada", DueAt: TimeProvider.System.GetUtcNow().AddDays(1)),
                Token
            );

    private static async Task<CopyId> RecordAsync(
        ScriptedControlPlane plane,
        string database,
        int days,
        JobId? job = null
    )
    {
        Script(plane).Databases = Script(plane).Databases.Add(new(database, 50 << 20));
        return await plane
            .Services.GetRequiredService<CopyStore>()
            .RecordAsync(
                new NewCopy(
                    CopyKind.Rehearsal,
                    new TenantName($"t{database[2]}"),
                    Site,
                    "job j-1",
                    "rehearsal of 2026.11.2",
                    job,
                    database,
                    Folder: null,
                    Bytes: 50 << 20,
                    IsMasked: false,
                    TimeProvider.System.GetUtcNow().AddDays(days)
                ),
                Token
            );
    }

    private sealed class Backups : IHeldData
    {
        public Task<IReadOnlyList<HeldData>> OfAsync(TenantName tenant, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<HeldData>>(
                tenant.Value == "t1"
                    ?
                    [
                        new(
                            "tenant backup",
                            "b-1",
                            "s3://backups",
                            new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)
                        ),
                    ]
                    : []
            );
    }
}
