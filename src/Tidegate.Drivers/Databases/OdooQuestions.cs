namespace Tidegate.Drivers.Databases;

/// <summary>What an Odoo database itself says against a cutover: updates that never ended.</summary>
internal static class OdooQuestions
{
    public static async Task<IEnumerable<string>> AskAsync(
        SitePostgres site,
        string database,
        CancellationToken cancellationToken
    )
    {
        await using var session = await site.OpenAsync(database, DatabaseNames.SiteRole, cancellationToken);
        if (!await HasAsync(session, "ir_module_module", cancellationToken))
        {
            return [$"Database {database} has no table ir_module_module: it is no Odoo database. Correct the tenant."];
        }

        var unfinished = await session.QueryAsync(
            "select format('%s (%s)', name, state) from public.ir_module_module where state in ('to install', 'to upgrade', 'to remove') order by name",
            [],
            row => row.GetString(0),
            cancellationToken
        );
        if (unfinished.IsEmpty)
        {
            return [];
        }

        string refusal =
            $"Database {database} has an unfinished module update: {string.Join(", ", unfinished)}. Finish or cancel it on its present release.";
        return await ResetThreatensAsync(session, cancellationToken) ? [refusal, ResetHazard(database)] : [refusal];
    }

    // While modules are in such a state Odoo's cron skips the database, until the oldest ready job is five hours late:
    // then it resets the states, also under a running migration.
    private static async Task<bool> ResetThreatensAsync(PostgresSession session, CancellationToken cancellationToken) =>
        await HasAsync(session, "ir_cron", cancellationToken)
        && await session.ScalarAsync<bool>(
            "select exists (select from public.ir_cron where active and nextcall < (now() at time zone 'utc') - interval '5 hours')",
            [],
            cancellationToken
        );

    private static string ResetHazard(string database) =>
        $"Database {database} has a job more than five hours late: Odoo's cron will reset the module states at any moment. End the update before that.";

    private static Task<bool> HasAsync(PostgresSession session, string table, CancellationToken cancellationToken) =>
        session.ScalarAsync<bool>(
            "select to_regclass('public.' || quote_ident($1)) is not null",
            [table],
            cancellationToken
        );
}
