using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Odoo;

/// <summary>Takes the first migrator that takes the job. Slower is better than not at all.</summary>
internal sealed partial class FallbackMigrator(
    IMigrator preferred,
    IMigrator fallback,
    ILogger<FallbackMigrator> logger
) : IMigrator
{
    public async Task<JobResult> MigrateAsync(MigrationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await preferred.MigrateAsync(request, cancellationToken);
        }
        catch (MigratorUnreachableException unreachable)
        {
            FellBack(request.Database, unreachable.Message);
            return await fallback.MigrateAsync(request, cancellationToken);
        }
    }

    /// <summary>Nobody remembers which of the two took the job, so both are asked.</summary>
    public async Task EndAsync(
        PoolName pool,
        ReleaseDigest release,
        string database,
        long epoch,
        CancellationToken cancellationToken
    )
    {
        await preferred.EndAsync(pool, release, database, epoch, cancellationToken);
        await fallback.EndAsync(pool, release, database, epoch, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Migrated {Database} in a process of its own: {Reason}")]
    private partial void FellBack(string database, string reason);
}
