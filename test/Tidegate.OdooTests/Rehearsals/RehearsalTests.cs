using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;
using Tidegate.Contracts.Backups;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.Rehearsals;
using Tidegate.Contracts.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Copies;
using Tidegate.OdooTests.Cutover;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Rehearsals;

/// <summary>A shop with mail in its queue, crons, a webhook and a module that says nothing about copies is rehearsed; nobody hears of it.</summary>
[Trait("Length", "long")]
[Collection(nameof(WholeSite))]
public sealed class RehearsalTests(WholeSite site) : IAsyncLifetime
{
    private const string Planted = "Planted for a rehearsal";

    private readonly Sink _smtp = new();
    private readonly Sink _webhook = new();
    private readonly Sink _http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Tomorrow: the live shop must not send what only its copy must not.
        await ExecuteAsync("update ir_cron set nextcall = nextcall + interval '1 day'");
        foreach (var statement in Plant())
        {
            await ExecuteAsync(statement);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"delete from ir_cron where cron_name = '{Planted}'");
        await ExecuteAsync($"delete from ir_act_server where name ->> 'en_US' = '{Planted}'");
        await ExecuteAsync($"delete from mail_message where subject = '{Planted}'"); // its mail goes with it
        await ExecuteAsync($"delete from ir_mail_server where name = '{Planted}'");
        await ExecuteAsync("update ir_cron set nextcall = nextcall - interval '1 day'");
        await _smtp.DisposeAsync();
        await _webhook.DisposeAsync();
        await _http.DisposeAsync();
    }

    [Fact]
    public async Task A_wave_is_rehearsed_on_copies_out_of_the_backup_and_nothing_leaves_them()
    {
        using var client = site.Client();
        await BackUpAsync();
        // What the update itself brings back is what the second neutralising is for.
        var release = await site.NextReleaseAsync(
            string.Join(
                "; ",
                Plant()
                    .Append("update ir_cron set active = true, nextcall = now() - interval '1 day'")
                    .Append("alter table sale_order add column rehearsed_note text")
                    .Append("update sale_order set rehearsed_note = name")
                    .Select(statement => $"cr.execute({JsonSerializer.Serialize(statement)})")
                    .Append(CallOut())
            )
        );
        var before = await FingerprintAsync();

        var ordered = await client.PostAsync<OrderRehearsals, IReadOnlyList<OrderedRehearsal>>(
            "/api/rehearsals",
            new(release, "production", Tenant: null, Wave: 1),
            Token
        );
        Assert.Equal(WholeSite.Database, Assert.Single(ordered).Tenant);
        var job = await EndAsync(ordered[0].Id);

        Assert.True(job.Outcome is "done", job.Failure);
        var details = await client.GetAsync<RehearsalDetails>($"/api/rehearsals/{job.Id}", Token);
        var told = JsonSerializer.Serialize(details, JsonSerializerOptions.Web);
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        Assert.True(details.Rehearsal.HasPassed, told);
        Assert.Equal("D", details.Rehearsal.Class);
        Assert.Contains("shop_suite", details.Modules);
        Assert.Contains(
            details.Seen!.Commands,
            command => command.Text.Contains("rehearsed_note", StringComparison.Ordinal)
        );
        Assert.Contains(
            details.Seen.Changes,
            change => change.StartsWith("column sale_order.rehearsed_note is new", StringComparison.Ordinal)
        );
        Assert.Contains(details.Seen.Tables, rows => rows.Table is "sale_order" && rows.Updated > 0);
        Assert.All(details.Seen.Figures, figure => Assert.True(figure.Holds, figure.Name));
        Assert.NotNull(details.Seen.Figures.Single(figure => figure.Name is "stock-quantity").Before);
        Assert.True(details.WayBack!.ImageOnly, details.WayBack.ImageOnlyReason);
        Assert.True(details.WayBack.Restore);
        Assert.InRange(details.Prediction!.HoldSeconds, details.Prediction.LowSeconds, details.Prediction.HighSeconds);

        var called = Assert.Single(
            details.Seen.Changes,
            change => change.StartsWith("column sale_order.called_out_", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("called_out_0 ", called, StringComparison.Ordinal); // 0 is a connection
        Assert.Equal((0, 0, 0), (_smtp.Connections, _webhook.Connections, _http.Connections));
        await Task.WhenAll(new[] { _smtp, _webhook, _http }.Select(HearsAsync));
        Assert.Equal(before, await FingerprintAsync());
        Leftovers.AssertNoWork(site);

        var plan = await client.PostAsync<PlanRollout, PlanView>("/api/plans", new(release, "production"), Token);
        Assert.NotNull(plan.Waves[0].Tenants[0].Prediction);
    }

    [Fact]
    public async Task A_rehearsal_that_is_cancelled_and_one_whose_control_plane_is_killed_leave_nothing()
    {
        using var client = site.Client();
        await BackUpAsync();
        var release = await site.NextReleaseAsync("time.sleep(600)");
        var ordered = await client.PostAsync<OrderRehearsals, IReadOnlyList<OrderedRehearsal>>(
            "/api/rehearsals",
            new(release, null, WholeSite.Database, null),
            Token
        );
        var id = Assert.Single(ordered).Id;
        await UntilMigratesAsync(id);

        await site.KillAsync(SiteProcesses.ControlPlane);
        await site.UpAgainAsync();
        await Eventually.IsTrueAsync(async () => await StageAsync(id) is not "updating", "it is begun again");
        using (var again = site.Client())
        {
            await again.PostAsync<CancelJob, JobView>($"/api/jobs/{id}/cancel", new("test"), Token);
        }

        Assert.Equal("cancelled", (await EndAsync(id)).Outcome);
        Leftovers.AssertNoWork(site);
        Assert.Equal("0", await ControlAsync($"select count(*) from rehearsal where id = '{id}'"));
    }

    private IEnumerable<string> Plant() =>
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"insert into ir_mail_server (name, smtp_host, smtp_port, smtp_encryption, smtp_authentication, active) values ('{Planted}', '127.0.0.1', {_smtp.Port}, 'none', 'login', true)"
            ),
            $"with message as (insert into mail_message (message_type, subject) values ('email', '{Planted}') returning id) insert into mail_mail (mail_message_id, state, email_to, body_html) select id, 'outgoing', 'customer@example.com', 'It has left.' from message",
            string.Create(
                CultureInfo.InvariantCulture,
                $"with action as (insert into ir_act_server (name, type, binding_type, usage, state, model_id, webhook_url) select jsonb_build_object('en_US', '{Planted}'), 'ir.actions.server', 'action', 'ir_cron', 'webhook', id, 'http://127.0.0.1:{_webhook.Port}/webhook' from ir_model where model = 'res.partner' returning id) insert into ir_cron (cron_name, ir_actions_server_id, user_id, active, interval_number, interval_type, nextcall, priority) select '{Planted}', id, 1, true, 1, 'days', now() at time zone 'utc' + interval '1 day', 5 from action"
            ),
        ];

    /// <summary>Python that no script takes out of a release: its migration itself calls somebody, and leaves what came of it in a column's name.</summary>
    private string CallOut() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""cr.execute("alter table sale_order add column called_out_%d int" % __import__("socket").socket().connect_ex(("127.0.0.1", {_http.Port})))"""
        );

    /// <summary>That a sink counted none is a proof only if it counts one.</summary>
    private static async Task HearsAsync(Sink sink)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, sink.Port, Token);
        await Eventually.IsTrueAsync(() => Task.FromResult(sink.Connections == 1), $"the sink at {sink.Port} hears");
    }

    private async Task BackUpAsync()
    {
        using var client = site.Client();
        var backup = await client.PostAsync<RunBackup, OrderedJob>("/api/backups", new("full", null, null), Token);
        Assert.Equal("done", (await EndAsync(backup.Id)).Outcome);
    }

    private async Task UntilMigratesAsync(string id) =>
        await Eventually.IsTrueAsync(
            async () =>
            {
                var job = await FindAsync(id);
                Assert.True(job.State is not "ended", job.Failure);
                return await StageAsync(id) is "updating";
            },
            $"the migration of rehearsal {id} runs"
        );

    private async Task<string?> StageAsync(string id) =>
        (await ControlAsync($"select progress ->> 'stage' from job where id = '{id}'"))?.Split(' ')[0];

    private async Task<JobView> FindAsync(string id)
    {
        using var client = site.Client();
        return await client.GetAsync<JobView>($"/api/jobs/{id}", Token);
    }

    private async Task<JobView> EndAsync(string id)
    {
        var job = await FindAsync(id);
        while (job.State is not "ended")
        {
            // A rehearsal may take minutes; no stage of it may.
            var known = job.Progress?.Stage;
            await Eventually.IsTrueAsync(
                async () =>
                {
                    job = await FindAsync(id);
                    return job.State is "ended" || job.Progress?.Stage != known;
                },
                $"job {id} goes on after {known}"
            );
        }

        return job;
    }

    /// <summary>The site's databases and roles, and what the shop is known by.</summary>
    private async Task<string> FingerprintAsync() =>
        string.Join(
            '\n',
            await site.ScalarAsync("postgres", "select string_agg(datname, ' ' order by datname) from pg_database"),
            await site.ScalarAsync("postgres", "select string_agg(rolname, ' ' order by rolname) from pg_roles"),
            await site.ScalarAsync(
                WholeSite.Database,
                "select string_agg(key || value, ' ' order by key) from ir_config_parameter"
            ),
            await site.ScalarAsync(WholeSite.Database, "select count(*) from ir_cron where active"),
            await site.ScalarAsync(WholeSite.Database, "select count(*) from mail_mail where state = 'outgoing'")
        );

    private Task<string?> ControlAsync(string sql) => site.ScalarAsync(DatabaseNames.ControlDatabase, sql);

    private async Task ExecuteAsync(string sql)
    {
        await using var session = await site.OpenAsync(WholeSite.Database);
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync(Token);
    }
}
