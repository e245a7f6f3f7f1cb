using Npgsql;
using Tidegate.Drivers.Databases;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>
/// Doors before steps. A control plane that claims a step whose door is shut waits inside the claim's statement: nothing
/// of it is committed until the test opens. So a test can prepare what a step will meet, or stop the process that
/// claimed it, without being quick.
/// </summary>
internal sealed class StepGates : IAsyncDisposable
{
    private const string Install = """
        create or replace function public.test_step_gate() returns trigger language plpgsql as $$
        begin
            perform pg_advisory_xact_lock_shared(4711, hashtext(new.step));
            return null;
        end $$;
        create or replace trigger test_step_gate after insert on step_run
            for each row execute function public.test_step_gate();
        """;

    private readonly WholeSite _site;
    private readonly NpgsqlConnection _session;

    private StepGates(WholeSite site, NpgsqlConnection session)
    {
        _site = site;
        _session = session;
    }

    /// <summary>Shuts the doors of these steps. They open when this is disposed of.</summary>
    public static async Task<StepGates> ShutAsync(WholeSite site, params string[] steps)
    {
        var gates = new StepGates(site, await site.OpenAsync(DatabaseNames.ControlDatabase));
        await gates.ExecuteAsync(Install);
        foreach (var step in steps)
        {
            await gates.ExecuteAsync("select pg_advisory_lock(4711, hashtext($1))", step);
        }

        return gates;
    }

    /// <summary>Waits until a control plane stands before the step's door.</summary>
    public Task ReachedAsync(string step) =>
        Eventually.IsTrueAsync(
            async () =>
                await _site.ScalarAsync(
                    DatabaseNames.ControlDatabase,
                    """
                    select count(*) from pg_locks
                     where locktype = 'advisory' and classid = 4711 and not granted
                       and objid = (hashtext($1)::bigint & 4294967295)::oid
                    """,
                    step
                )
                    is not "0",
            $"step {step} is claimed"
        );

    public Task OpenAsync(string step) => ExecuteAsync("select pg_advisory_unlock(4711, hashtext($1))", step);

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private async Task ExecuteAsync(string sql, params string[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, _session);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
