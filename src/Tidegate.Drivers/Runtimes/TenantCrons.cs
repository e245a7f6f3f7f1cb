using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Hands a tenant to a generation for good: requests and scheduled jobs.</summary>
internal static class TenantCrons
{
    // Odoo's cron processes listen on it in the maintenance database; without it they would look within a minute.
    private const string Channel = "cron_trigger";

    /// <summary>The generation does everything for the tenant from now on.</summary>
    public static async Task HandOverAsync(
        FencedSession session,
        TenantLists lists,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        lists.Set(context.Target, Service.Full, context.Epoch);
        await session.Postgres.ScalarAsync<string>(
            $"select pg_notify('{Channel}', $1)::text",
            [context.Target.Database],
            cancellationToken
        );
    }
}
