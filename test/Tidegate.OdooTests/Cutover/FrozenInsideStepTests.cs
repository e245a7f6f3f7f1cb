using Npgsql;
using Tidegate.Contracts.Gateway;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Ingress;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>
/// A control plane stands still (SIGSTOP) in the very middle of a real step for longer than its lease, and another
/// takes over. When the first goes on (SIGCONT) it changes nothing, anywhere.
/// </summary>
[Collection(nameof(WholeSite))]
public sealed class FrozenInsideStepTests(WholeSite site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Frozen_inside_the_swap_transaction_it_changes_nothing_when_it_wakes() => FreezeInsideAsync("swap");

    [Theory]
    [Trait("Length", "long")]
    [InlineData("start-generation")]
    [InlineData("baseline")]
    [InlineData("hold")]
    [InlineData("fence")]
    [InlineData("copy")]
    [InlineData("migrate")]
    [InlineData("judge")]
    [InlineData("warm")]
    [InlineData("verify")]
    [InlineData("open")]
    [InlineData("retire")]
    public Task Frozen_in_the_middle_of_a_step_it_changes_nothing_when_it_wakes(string step) => FreezeInsideAsync(step);

    [Fact]
    [Trait("Length", "long")]
    public async Task One_that_wakes_while_its_successor_makes_journeys_does_not_end_them()
    {
        const string Waiting = """
            select max(application_name) from pg_stat_activity
             where wait_event_type = 'Lock' and application_name like 'tidegate:shop-oslo:%'
            """;
        var release = await site.NextReleaseAsync();
        await using var planes = await ControlPlanes.BeginAsync(site);
        await using var gates = await StepGates.ShutAsync(site, "verify");
        var rollout = await site.StartAsync(release);

        await gates.ReachedAsync("verify");
        var first = planes.Newest;
        await using (await LockAsync(WholeSite.Database, "lock table sale_order in access exclusive mode"))
        {
            await gates.OpenAsync("verify");
            string? frozen = null;
            await Eventually.IsTrueAsync(
                async () => (frozen = await site.ScalarAsync("postgres", Waiting)) is not null,
                "the first one's order journey waits"
            );
            await first.FreezeAsync();
            await planes.StartAsync();
            await Eventually.IsTrueAsync(
                async () => await site.ScalarAsync("postgres", Waiting) is { } waiting && waiting != frozen,
                "its successor's order journey waits"
            );
            first.Thaw();
            await Eventually.IsTrueAsync(() => first.HasLost, "the first one notices");
        }

        var view = await site.EndAsync(rollout);
        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
    }

    [Fact]
    [Trait("Length", "long")]
    public async Task One_that_wakes_inside_a_clean_up_leaves_the_second_attempts_processes_alone()
    {
        var release = await site.NextReleaseAsync();
        var generation = await Generation.OfAsync(site, release);
        await using var planes = await ControlPlanes.BeginAsync(site);
        await using var gates = await StepGates.ShutAsync(site, "verify", "clean-up");
        var attempt = await site.StartAsync(release);

        await gates.ReachedAsync("verify");
        await site.ScalarAsync(WholeSite.Database, "update product_template set list_price = list_price * 2");
        await gates.OpenAsync("verify");
        await gates.ReachedAsync("clean-up");
        var first = planes.Newest;
        var jobs = generation.Cron!.Value;
        await Freezing.FreezeAsync(jobs, generation.CronName); // so that the clean-up waits for it
        await gates.OpenAsync("clean-up");
        await Eventually.IsTrueAsync(() => !generation.IsWanted, "it is in the middle of clean-up");
        await first.FreezeAsync();
        Freezing.Thaw(jobs);
        await planes.StartAsync();
        Assert.Equal("rolled_back", (await site.EndAsync(attempt)).Outcome);
        Assert.Equal("completed", (await site.EndAsync(await site.StartAsync(release))).Outcome);

        var before = await SiteState.ReadAsync(site, [first.Name]);
        first.Thaw();
        await Eventually.IsTrueAsync(() => first.HasLost, "the first one notices");
        string[] changes = [.. SiteState.Changes(before, await SiteState.ReadAsync(site, [first.Name]))];
        Assert.True(changes is [], string.Join('\n', changes));
        await Leftovers.AssertNoneAsync(site);
    }

    private async Task FreezeInsideAsync(string step)
    {
        var release = await site.NextReleaseAsync("time.sleep(2)");
        await using var planes = await ControlPlanes.BeginAsync(site);
        await using var gates = await StepGates.ShutAsync(site, step);
        var rollout = await site.StartAsync(release);

        await gates.ReachedAsync(step);
        var first = planes.Newest;
        await using (var snag = await PrepareAsync(step))
        {
            await gates.OpenAsync(step);
            await Eventually.IsTrueAsync(snag.IsCaughtAsync, $"it is in the middle of {step}");
            await first.FreezeAsync();
        }

        await planes.StartAsync();
        var view = await site.EndAsync(rollout);
        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        Assert.Equal(release, view.Tenants.Single().ReleaseAfter);
        await Leftovers.AssertNoneAsync(site);

        var before = await SiteState.ReadAsync(site, [first.Name]);
        first.Thaw();
        await Eventually.IsTrueAsync(() => first.HasLost, $"the one frozen in {step} notices");
        string[] changes = [.. SiteState.Changes(before, await SiteState.ReadAsync(site, [first.Name]))];
        Assert.True(changes is [], string.Join('\n', changes));

        await planes.EndAsync(first);
        Assert.Equal("ended", (await site.FindAsync(rollout)).State); // its successor still answers
    }

    private async Task<Snag> PrepareAsync(string step) =>
        step switch
        {
            "start-generation" => new(() => Task.FromResult(WebProcesses() > 1)),
            "baseline" or "verify" => new(
                () => WaitsForLockAsync(WholeSite.Database),
                await LockAsync(WholeSite.Database, "lock table res_users_log in access exclusive mode")
            ),
            "hold" => await PrepareHoldAsync(),
            "fence" => new(IsClosedAsync, await site.OpenAsync(WholeSite.Database)),
            "copy" => new(() => IsSeenAsync("state = 'active' and query like 'CREATE DATABASE%__next%'")),
            "migrate" => new(() => IsSeenAsync($"datname = '{WholeSite.Database}__next' and usename like 'mig\\_%'")),
            "judge" => await SnagAsync("lock table tidegate.signal in exclusive mode"),
            "swap" => await SnagAsync("select 1 from tidegate.copy for update"),
            "warm" => new(() => IsSeenAsync($"datname = '{WholeSite.Database}' and usename like 'gen\\_%'")),
            "open" => await SnagAsync("lock table tidegate.fence in access exclusive mode"),
            "retire" => await SnagAsync("lock table tidegate.swap in access exclusive mode"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>A log-in that is on its way: the hold waits for it.</summary>
    private async Task<Snag> PrepareHoldAsync()
    {
        var locked = await LockAsync(WholeSite.Database, "lock table res_users_log in access exclusive mode");
        var visitor = new ShopVisitor(site.GatewayPort, WholeSite.Host);
        var logsIn = visitor.LogInAsync(WholeSite.Database, "shop", site.ShopPassword);
        await Eventually.IsTrueAsync(() => WaitsForLockAsync(WholeSite.Database), "somebody logs in");
        return new(IsHoldingAsync, locked, new Visit(visitor, logsIn));
    }

    private async Task<Snag> SnagAsync(string sql) =>
        new(() => WaitsForLockAsync("postgres"), await LockAsync("postgres", sql));

    private async Task<NpgsqlConnection> LockAsync(string database, string sql)
    {
        var session = await site.OpenAsync(database);
        await using var command = new NpgsqlCommand($"begin; {sql}", session);
        await command.ExecuteNonQueryAsync(Token);
        return session; // closing it lets go
    }

    private Task<bool> WaitsForLockAsync(string database) =>
        IsSeenAsync($"datname = '{database}' and wait_event_type = 'Lock'");

    private async Task<bool> IsSeenAsync(string session) =>
        await site.ScalarAsync(
            "postgres",
            $"select count(*) from pg_stat_activity where pid <> pg_backend_pid() and {session}"
        )
            is not "0";

    private async Task<bool> IsClosedAsync() =>
        await site.ScalarAsync(
            "postgres",
            $"select datallowconn::text from pg_database where datname = '{WholeSite.Database}'"
        )
            is "false";

    private async Task<bool> IsHoldingAsync()
    {
        using var gateway = new GatewayClient(site.Layout.GatewaySocket);
        return await gateway.FindAsync(new TenantName("shop-oslo"), Token)
            is { State: GateState.Holding, InFlight: > 0 };
    }

    private int WebProcesses() =>
        site.Site.Status().Processes.Count(process => process is { Pid: not null, Name: ['w', 'e', 'b', '.', ..] });

    /// <summary>What a step gets caught on, how to see that it is, and what to let go of.</summary>
    private sealed record Snag(Func<Task<bool>> IsCaughtAsync, params IAsyncDisposable[] Holds) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var hold in Holds)
            {
                await hold.DisposeAsync();
            }
        }
    }

    /// <summary>A log-in that ends well once it is let go of.</summary>
    private sealed record Visit(ShopVisitor Visitor, Task LogsIn) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await LogsIn;
            Visitor.Dispose();
        }
    }
}
