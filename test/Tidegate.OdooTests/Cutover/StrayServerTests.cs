using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Tidegate.Drivers.Databases;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>
/// An Odoo of the old release that nobody knows of works on the shop's live database before, during and after a
/// cutover: requests, a scheduled job, a session in a transaction, a log-in in progress. PostgreSQL's rights keep it
/// from the migrated database; nobody ends its processes.
/// </summary>
[Collection(nameof(WholeSite))]
public sealed class StrayServerTests(WholeSite site)
{
    private const string Migrated = "on the new release";

    private const string LeaveTrace = "insert into test_deeds values (current_setting('application_name'));";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentBag<Deed> _deeds = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stray_server_of_the_old_release_neither_reads_nor_writes_the_migrated_database()
    {
        var user = await FurnishAsync();
        try
        {
            await StrayThroughCutoverAsync(user);
        }
        finally
        {
            await ClearAsync(); // the job would run on beside other tests
        }
    }

    private async Task StrayThroughCutoverAsync(int user)
    {
        var old = await Generation.ServingAsync(site);
        var release = await site.NextReleaseAsync(
            $"cr.execute(\"update res_partner set city = '{Migrated}' where id = (select partner_id from res_users where login = 'shop')\")"
        );
        await using var stray = await StrayServer.StartAsync(site, old);
        await Eventually.IsTrueAsync(() => RunsJobAsync(stray.ApplicationName), "the stray runs the scheduled job");
        await using var open = StraySession.Start(site, old.Role, "open transaction");
        await open.SendAsync($"begin; {LeaveTrace}");
        await using var gates = await StepGates.ShutAsync(site, "fence");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var works = Task.WhenAll(
            OrderAsync(stray, user, over.Token),
            LogInAgainAndAgainAsync(old.Role, over.Token),
            WakeJobsAsync(over.Token)
        );
        var rollout = await site.StartAsync(release);

        await gates.ReachedAsync("fence");
        await using var logsIn = StraySession.Start(site, old.Role, "slow log-in", "-c post_auth_delay=6");
        await logsIn.SendAsync(LeaveTrace);
        await Eventually.IsTrueAsync(IsLoggingInAsync, "a log-in is in progress");
        await gates.OpenAsync("fence");
        var view = await site.EndAsync(rollout);
        await Eventually.IsTrueAsync(
            () => RunsJobAsync(besides: stray.ApplicationName),
            "the new release runs the scheduled job"
        );
        await TriesOnAsync();
        await over.CancelAsync();
        await works;

        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        Assert.True(stray.Lives, "the stray still runs");
        await open.SendAsync("commit;");
        Assert.NotNull(await open.EndAsync());
        await logsIn.SendAsync(LeaveTrace);
        Assert.NotNull(await logsIn.EndAsync());
        var fenced = view.Tenants.Single().Steps.Last(step => step.Kind == "fence");
        await AssertKeptOutAsync(stray, fenced.StartedAt.AddSeconds(fenced.Seconds));
    }

    /// <summary>What the stray did shows: nothing after the fence, and of what was acknowledged before nothing is lost.</summary>
    private async Task AssertKeptOutAsync(StrayServer stray, DateTimeOffset fenced)
    {
        var done = _deeds.Where(deed => deed.Came).ToList();
        Assert.Contains(done, deed => deed.Kind == "order");
        Assert.Contains(done, deed => deed.Kind == "log-in");
        Assert.Contains(_deeds, deed => !deed.Came && deed.Kind == "order");
        Assert.DoesNotContain(done, deed => deed.BegunAt > fenced);
        Assert.DoesNotContain(_deeds, deed => deed.Saw == Migrated);
        var orders = _deeds.Where(deed => deed.Kind == "order").ToDictionary(deed => deed.Name, StringComparer.Ordinal);
        var stored = (await StoredOrdersAsync()).Split(',');
        Assert.Equal(stored.Length, stored.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(orders.Values.Where(order => order.Came).Select(order => order.Name).Except(stored));
        Assert.DoesNotContain(stored, order => orders[order].BegunAt > fenced);
        Assert.Null(
            await site.ScalarAsync(
                WholeSite.Database,
                """
                select string_agg(who, ', ') from test_deeds
                 where who = 'open transaction'
                    or (at > $2::timestamptz and who in ($1, 'log-in', 'slow log-in'))
                """,
                stray.ApplicationName,
                fenced.ToString("O", CultureInfo.InvariantCulture)
            )
        );
    }

    private async Task<string> StoredOrdersAsync() =>
        (
            await site.ScalarAsync(
                WholeSite.Database,
                "select string_agg(client_order_ref, ',') from sale_order where client_order_ref like 'stray %'"
            )
        )!;

    /// <summary>A scheduled job that leaves a row, due at once, on what the shop's database is now.</summary>
    private async Task<int> FurnishAsync()
    {
        await site.ScalarAsync(
            WholeSite.Database,
            $"""
            create table test_deeds (who text, at timestamptz default clock_timestamp());
            alter table test_deeds owner to "{DatabaseNames.Owner(WholeSite.Database)}";
            update res_users set password = (select password from res_users where login = 'shop') where login = 'admin'
            """
        );
        using var admin = new ShopVisitor(site.GatewayPort, WholeSite.Host);
        await admin.LogInAsync(WholeSite.Database, "admin", site.ShopPassword);
        var model = (int)
            (await admin.CallAsync("ir.model", "search", [new JsonArray(new JsonArray("model", "=", "res.partner"))]))![
                0
            ]!;
        await admin.CallAsync(
            "ir.cron",
            "create",
            [
                new JsonObject
                {
                    ["name"] = "test deed",
                    ["model_id"] = model,
                    ["state"] = "code",
                    ["code"] =
                        "env.cr.execute(\"insert into test_deeds values (current_setting('application_name'))\")",
                    ["interval_number"] = 1,
                    ["interval_type"] = "minutes",
                },
            ]
        );
        using var clerk = new ShopVisitor(site.GatewayPort, WholeSite.Host);
        return await clerk.LogInAsync(WholeSite.Database, "shop", site.ShopPassword);
    }

    private Task<string?> ClearAsync() =>
        site.ScalarAsync(
            WholeSite.Database,
            "update ir_cron set active = false where cron_name = 'test deed'; drop table test_deeds"
        );

    /// <summary>Makes the job due until somebody has run it.</summary>
    private async Task<bool> RunsJobAsync(string who = "", string besides = "")
    {
        await site.ScalarAsync(
            WholeSite.Database,
            "update ir_cron set nextcall = (now() at time zone 'utc') - interval '1 second' where cron_name = 'test deed'"
        );
        await WakeAsync();
        await Task.Delay(Pause, TimeProvider.System, Token);
        return await site.ScalarAsync(
            WholeSite.Database,
            """
            select count(*) from test_deeds
             where who like 'odoo-%' and (who = $1 or ($1 = '' and who <> $2))
            """,
            who,
            besides
        )
            is not "0";
    }

    private Task<string?> WakeAsync() =>
        site.ScalarAsync("postgres", "select pg_notify('cron_trigger', $1)::text", WholeSite.Database);

    /// <summary>Somebody whom PostgreSQL lets in but does not show yet.</summary>
    private async Task<bool> IsLoggingInAsync() =>
        await site.ScalarAsync(
            "postgres",
            $"""
            select count(*) from pg_locks l join pg_database d on d.oid = l.objid
             where l.locktype = 'object' and l.classid = 'pg_database'::regclass and d.datname = '{WholeSite.Database}'
               and not exists (select from pg_stat_activity a where a.pid = l.pid and a.datname is not null)
            """
        )
            is not "0";

    private async Task OrderAsync(StrayServer stray, int user, CancellationToken over)
    {
        for (var number = 0; !over.IsCancellationRequested; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"stray {number:000}");
            var begun = TimeProvider.System.GetUtcNow();
            var created = await stray.TryAsync(
                user,
                site.ShopPassword,
                "sale.order",
                "create",
                [new JsonObject { ["partner_id"] = 1, ["client_order_ref"] = name }]
            );
            _deeds.Add(new("order", name, begun, created is not null));
            begun = TimeProvider.System.GetUtcNow();
            var seen = await stray.TryAsync(
                user,
                site.ShopPassword,
                "res.users",
                "read",
                [new JsonArray(user), new JsonArray("city")]
            );
            _deeds.Add(new("read", name, begun, seen is not null, seen?[0]?["city"]?.ToString()));
            await RestAsync(over);
        }
    }

    private async Task LogInAgainAndAgainAsync(string role, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var begun = TimeProvider.System.GetUtcNow();
            await using var session = StraySession.Start(site, role, "log-in");
            await session.SendAsync(LeaveTrace);
            _deeds.Add(new("log-in", "log-in", begun, await session.EndAsync() is null));
            await RestAsync(over);
        }
    }

    private async Task WakeJobsAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await WakeAsync();
            await RestAsync(over);
        }
    }

    /// <summary>Waits until each of the stray's occupations was tried some more times.</summary>
    private Task TriesOnAsync()
    {
        var tried = _deeds.Count;
        return Eventually.IsTrueAsync(() => _deeds.Count > tried + 30, "the stray goes on trying");
    }

    private static Task RestAsync(CancellationToken over) =>
        Task.Delay(Pause, TimeProvider.System, over).ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>Something the stray tried.</summary>
    /// <param name="Came">It was acknowledged.</param>
    private sealed record Deed(string Kind, string Name, DateTimeOffset BegunAt, bool Came, string? Saw = null);
}
