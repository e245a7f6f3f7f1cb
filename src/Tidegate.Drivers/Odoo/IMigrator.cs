using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Odoo;

/// <summary>Runs Odoo's module update on one copy: forked from a prepared process, or in a process of its own.</summary>
/// <remarks>Both kinds write the same log and the same result; what judges them cannot tell them apart.</remarks>
public interface IMigrator
{
    /// <summary>
    /// Starts the migration, attaches to it when it runs already, or answers with its result when it has ended; waits
    /// for its end. Cancelling stops the wait, not the job.
    /// </summary>
    /// <exception cref="MigratorUnreachableException">Nothing was started.</exception>
    Task<JobResult> MigrateAsync(MigrationRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Kills whatever works on that database under this epoch or a lower one, and waits until it is gone. What a
    /// successor began is left alone.
    /// </summary>
    Task EndAsync(
        PoolName pool,
        ReleaseDigest release,
        string database,
        long epoch,
        CancellationToken cancellationToken
    );
}

/// <summary>The migrator cannot take a job: nobody listens, or it refuses. The job has not begun.</summary>
public sealed class MigratorUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
