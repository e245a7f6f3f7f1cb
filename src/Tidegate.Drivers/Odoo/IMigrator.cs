namespace Tidegate.Drivers.Odoo;

/// <summary>Runs Odoo's module update on one copy: forked from a prepared process, or one process each.</summary>
/// <remarks>Both kinds write the same log and the same result; what judges them cannot tell them apart.</remarks>
public interface IMigrator
{
    /// <summary>Starts the migration, or attaches to it when it runs already, and waits for its end. Cancelling stops the wait, not the job.</summary>
    /// <exception cref="MigratorUnreachableException">Nothing was started.</exception>
    Task<JobResult> MigrateAsync(MigrationRequest request, CancellationToken cancellationToken);

    /// <summary>Ends the job and waits until it is gone. Nothing happens when no such job runs.</summary>
    Task EndAsync(MigrationRequest request, CancellationToken cancellationToken);
}

/// <summary>The migrator cannot take the job: nobody listens, or it refuses. The job has not begun.</summary>
public sealed class MigratorUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
