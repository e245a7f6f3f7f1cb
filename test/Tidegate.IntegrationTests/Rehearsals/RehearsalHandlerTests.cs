using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Copies.Masks;
using Tidegate.Drivers.Copies.Neutralising;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Rehearsals;
using Tidegate.IntegrationTests.Backups;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Rehearsals;

/// <summary>Rehearsals of a database that cannot be made harmless, on a real PostgreSQL with a real archive: how they begin, end and are cut.</summary>
public sealed class RehearsalHandlerTests(BackedUpSite site) : IClassFixture<BackedUpSite>, IAsyncLifetime
{
    private NpgsqlDataSource? _control;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private JobStore Jobs => new(_control!, TimeProvider.System);

    private RehearsalStore Store => new(_control!);

    [Fact]
    public async Task What_cannot_be_made_harmless_is_not_rehearsed_and_the_record_says_why()
    {
        var backup = await ShopAsync("oslo");
        var roles = await site.ScalarAsync(
            "postgres",
            "select string_agg(rolname, ' ' order by rolname) from pg_roles"
        );
        var job = await OrderAsync("oslo");

        Assert.True(await Loop("first", Store).TurnAsync(Token));

        var record = await Store.FindAsync(job, Token);
        Assert.False(record!.HasPassed);
        Assert.Contains("is not in the site's store", record.Reason, StringComparison.Ordinal);
        Assert.Equal((backup, true), (record.Source.Label, record.Source.IsBackup));
        Assert.Equal(["restore"], record.Steps.Select(step => step.Name));
        Assert.Equal(
            RehearsalValidity.Fingerprint([KeyValuePair.Create("sale", (string?)"19.0.1.2")]),
            record.ModulesFingerprint
        );
        Assert.Null(record.Seen);
        Assert.Equal(
            roles,
            await site.ScalarAsync("postgres", "select string_agg(rolname, ' ' order by rolname) from pg_roles")
        );
        AssertNothingLeft();
    }

    [Fact]
    public async Task One_that_was_cut_before_its_record_is_done_again_and_leaves_nothing()
    {
        await ShopAsync("bergen");
        var job = await OrderAsync("bergen");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var frozen = new FrozenRecords();
        var turn = Loop("first", frozen).TurnAsync(stop.Token);
        await frozen.Reached.Task.WaitAsync(Token);
        Assert.Contains(site.Launcher.Names(), name => name.StartsWith("side", StringComparison.Ordinal));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);
        await Jobs.EndLeasesAsync(Served("second"), owner => owner == "first", Token);
        Assert.True(await Loop("second", Store).TurnAsync(Token));

        Assert.Equal(JobOutcome.Done, (await Jobs.FindAsync(job, Token))!.Outcome);
        Assert.Single(await Store.ListAsync("shop-bergen", Visible.Everything, 10, Token));
        AssertNothingLeft();
    }

    [Fact]
    public async Task One_that_was_cut_after_its_record_says_what_it_said()
    {
        await ShopAsync("molde");
        var job = await OrderAsync("molde");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var frozen = new FrozenRecords { After = Store };
        var turn = Loop("first", frozen).TurnAsync(stop.Token);
        await frozen.Reached.Task.WaitAsync(Token);
        var said = await Store.FindAsync(job, Token);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);
        await Jobs.EndLeasesAsync(Served("second"), owner => owner == "first", Token);
        Assert.True(await Loop("second", Store).TurnAsync(Token));

        var result = StoredJson.Read<RehearsalRecord>((await Jobs.FindAsync(job, Token))!.Result!);
        Assert.Equal((said!.StartedAt, said.EndedAt), (result.StartedAt, result.EndedAt));
        AssertNothingLeft();
    }

    [Fact]
    public async Task One_that_is_cancelled_keeps_no_record_and_leaves_nothing()
    {
        await ShopAsync("halden");
        var job = await OrderAsync("halden");
        var frozen = new FrozenRecords();
        var turn = Loop("first", frozen).TurnAsync(Token);
        await frozen.Reached.Task.WaitAsync(Token);

        Assert.True(await Jobs.CancelAsync(job, "tester", "enough", Token));

        Assert.True(await turn);
        Assert.Equal(JobOutcome.Cancelled, (await Jobs.FindAsync(job, Token))!.Outcome);
        Assert.Empty(await Store.ListAsync("shop-halden", Visible.Everything, 10, Token));
        AssertNothingLeft();
    }

    public ValueTask InitializeAsync()
    {
        var control = site.Home.Layout.Cluster.ConnectionString(
            DatabaseNames.ControlDatabase,
            DatabaseNames.ControlRole
        );
        _control = ControlDatabase.Open(control);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _control!.DisposeAsync();

    /// <summary>A database with modules and users, and a backup with it; its label.</summary>
    private async Task<string> ShopAsync(string name)
    {
        await site.ExecuteAsync(
            "postgres",
            $"create role own_{name}",
            $"grant own_{name} to tidegate_site",
            $"create database {name}"
        );
        await site.ExecuteAsync(
            name,
            "create table ir_module_module (id serial primary key, name varchar, state varchar, latest_version varchar)",
            "create table res_users (id serial primary key, login varchar, password varchar, active boolean)",
            "create table ir_config_parameter (id serial primary key, key varchar unique, value text)",
            "insert into ir_module_module (name, state, latest_version) values ('sale', 'installed', '19.0.1.2')",
            "insert into ir_config_parameter (key, value) values ('database.uuid', 'u'), ('database.secret', 's')",
            $"alter table ir_module_module owner to own_{name}",
            $"alter table res_users owner to own_{name}",
            $"alter table ir_config_parameter owner to own_{name}"
        );
        return await site.BackUpAsync();
    }

    private Task<JobId> OrderAsync(string database) =>
        Jobs.OrderAsync(
            RehearseTenant.Kind,
            new JobOrder<RehearseTenant>(
                site.Name,
                $"shop-{database}",
                new(
                    new(
                        new($"shop-{database}"),
                        new("shared"),
                        1,
                        database,
                        [$"{database}.example"],
                        new("journey", "journey", []),
                        Plans.Old,
                        Plans.New,
                        ["sale"],
                        []
                    ),
                    []
                ),
                "tester",
                null,
                RehearseTenant.Lane
            ),
            Token
        );

    private ServedSites Served(string owner) => new([site.Name], owner, TimeSpan.FromMinutes(5));

    private JobLoop Loop(string owner, IRehearsalRecords records)
    {
        var layout = site.Home.Layout;
        var copies = new HarmlessCopy(
            layout,
            site.Side,
            new Neutralisation(layout),
            new Masking(),
            TimeProvider.System
        );
        return new JobLoop(
            Jobs,
            Served(owner),
            [
                new RehearsalHandler(
                    layout,
                    new(layout, site.Side, site.Launcher),
                    copies,
                    site.Launcher,
                    records,
                    TimeProvider.System
                ),
            ],
            TimeProvider.System,
            NullLogger<JobLoop>.Instance
        );
    }

    private void AssertNothingLeft()
    {
        var layout = site.Home.Layout;
        Assert.Empty(
            Directory.Exists(layout.WorkFolder) ? Directory.EnumerateFileSystemEntries(layout.WorkFolder) : []
        );
        Assert.False(Directory.Exists(layout.Rehearsals));
        Assert.DoesNotContain(
            site.Launcher.Names(),
            name =>
                name.StartsWith("side", StringComparison.Ordinal)
                || name.StartsWith("rehearsal", StringComparison.Ordinal)
        );
    }

    /// <summary>Stands still where a record is to be kept, until whoever asks is stopped.</summary>
    private sealed class FrozenRecords : IRehearsalRecords
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Keeps it first, where there is one.</summary>
        public RehearsalStore? After { get; init; }

        public Task<RehearsalRecord?> FindAsync(JobId id, CancellationToken cancellationToken) =>
            Task.FromResult<RehearsalRecord?>(null);

        public async Task SaveAsync(RehearsalRecord record, CancellationToken cancellationToken)
        {
            await (After?.SaveAsync(record, cancellationToken) ?? Task.CompletedTask);
            Reached.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }
}
