using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>Removes what a job made for itself. Nothing there is no error.</summary>
internal static class JobRemains
{
    /// <summary>Ends every session of this name in the cluster.</summary>
    public static async Task EndSessionsAsync(
        SitePostgres site,
        string applicationName,
        CancellationToken cancellationToken
    )
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        await session.ExecuteAsync(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = $1",
            [applicationName],
            cancellationToken
        );
    }

    public static void RemoveWork(SiteLayout layout, JobId job)
    {
        if (Directory.Exists(layout.Work(job)))
        {
            Directory.Delete(layout.Work(job), recursive: true);
        }
    }
}
