using Npgsql;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Bridge;

/// <summary>The cron processes of a generation while tenants come and go.</summary>
[Collection(nameof(OdooShop))]
public sealed class BridgeCronTests(OdooShop shop)
{
    private const string Staying = "cron_staying";
    private const string Moving = "cron_moving";

    [Fact]
    public async Task A_tenants_move_cuts_no_running_job_and_none_of_its_own_begins_after_it()
    {
        await MakeJobsAsync(Staying, "first");
        await MakeJobsAsync(Moving, "first", "second");
        var file = shop.At("cron-bridge.json");
        await ServedFile.WriteAsync(file, [], []);
        await using var cron = await StartCronAsync(file);
        await using var stayingGate = await CloseGateAsync(Staying);
        await using (await CloseGateAsync(Moving))
        {
            await ServedFile.WriteAsync(file, [], [Staying, Moving]);
            await shop.Cluster.ExecuteAsync("postgres", $"NOTIFY cron_trigger, '{Staying}'");
            await Eventually.IsTrueAsync(() => IsRunningAsync(Staying), "the neighbour's job runs");
            await Eventually.IsTrueAsync(() => IsRunningAsync(Moving), "the moving tenant's first job runs");
            await ServedFile.WriteAsync(file, [], [Staying]);
        }

        await Eventually.IsTrueAsync(
            () => HasRunAsync(Moving, "first"),
            "the moving tenant's running job came to its end"
        );
        await Eventually.IsTrueAsync(
            () => cron.ReadLog().Contains($"of {Moving} not started", StringComparison.Ordinal),
            "its next job was given back"
        );
        await Eventually.IsTrueAsync(async () => !await IsRunningAsync(Moving), "nothing of it runs");
        Assert.False(await HasRunAsync(Moving, "second"));
        Assert.True(await IsRunningAsync(Staying));

        await stayingGate.CloseAsync();
        await Eventually.IsTrueAsync(() => HasRunAsync(Staying, "first"), "the neighbour's job came to its end");
    }

    /// <summary>A database whose only jobs are these, due at once; each waits while the gate is closed.</summary>
    private async Task MakeJobsAsync(string database, params string[] names)
    {
        await shop.CopyAsync(database);
        await shop.Cluster.ExecuteAsync(database, "UPDATE ir_cron SET active = false");
        foreach (var name in names)
        {
            await shop.Cluster.ExecuteAsync(
                database,
                $$"""
                WITH action AS (
                    INSERT INTO ir_act_server (name, type, binding_type, state, usage, model_id, code)
                    SELECT '{"en_US": "{{name}}"}', 'ir.actions.server', 'action', 'code', 'ir_cron', id,
                           'env.cr.execute("SELECT pg_advisory_xact_lock(1)")'
                      FROM ir_model WHERE model = 'res.partner'
                    RETURNING id)
                INSERT INTO ir_cron
                       (ir_actions_server_id, cron_name, user_id, active, interval_number, interval_type, nextcall, priority)
                SELECT id, '{{name}}', 1, true, 1, 'days', now() at time zone 'utc' - interval '1 minute', 0 FROM action
                """
            );
        }
    }

    /// <summary>Closes the gate until the connection is closed.</summary>
    private async Task<NpgsqlConnection> CloseGateAsync(string database)
    {
        var connection = await shop.Cluster.OpenAsync(database);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(1)", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private async Task<OdooProcess> StartCronAsync(string file)
    {
        var cron = OdooProcess.Start(
            shop,
            "cron.log",
            [
                shop.Odoo.Program,
                "--config",
                await shop.ConfigureAsync("2026.11.1"),
                "--no-http",
                "--workers",
                "1",
                "--max-cron-threads",
                "2",
                "--limit-time-real-cron",
                "0",
            ],
            ("TIDEGATE_BRIDGE_FILE", file)
        );
        await Eventually.IsTrueAsync(
            async () => await CountAsync("postgres", Listening) == "2",
            "both cron processes listen"
        );
        return cron;
    }

    private async Task<bool> IsRunningAsync(string database) => await CountAsync(database, Running) != "0";

    private async Task<bool> HasRunAsync(string database, string job) =>
        await CountAsync(database, $"SELECT count(*) FROM ir_cron WHERE cron_name = '{job}' AND lastcall IS NOT NULL")
        == "1";

    private Task<string?> CountAsync(string database, string query) => shop.Cluster.ScalarAsync(database, query);

    /// <summary>A cron process commits right after its LISTEN, and then waits.</summary>
    private const string Listening =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres' AND usename = 'odoo' AND query = 'COMMIT'";

    /// <summary>As bridge/README.md tells the control plane to ask.</summary>
    private const string Running = """
        SELECT count(*)
          FROM pg_locks l JOIN pg_stat_activity a USING (pid)
         WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND l.relation = 'ir_cron'::regclass AND l.mode = 'RowShareLock' AND l.granted
        """;
}
