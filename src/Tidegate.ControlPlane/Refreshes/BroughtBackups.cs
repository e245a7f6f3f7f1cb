using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>Brings a source's state out of a backup, and says what that shows of the backup: it is a restore like any other.</summary>
public sealed class BroughtBackups(ISiteRestores restores, TimeProvider clock)
{
    /// <exception cref="JobFailedException">It cannot be brought, or is not what was backed up.</exception>
    public async Task<(PreparedState State, RestoreCheck? Check)> BringAsync(
        StateOrder order,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        var begun = clock.GetTimestamp();
        var state = await restores.PrepareAsync(order, report, cancellationToken);
        // Where nothing was compared nothing is known, whatever came back.
        return order.Target is RestoreTarget.Backup && state.Compared > 0
            ? (state, new(clock.GetUtcNow(), clock.GetElapsedTime(begun).TotalSeconds, state.Compared, state.Files))
            : (state, null);
    }

    /// <summary>Removes what bringing it needed, and what was brought unless somebody has it by now. Nothing there is no error.</summary>
    public async Task CleanUpAsync(StateOrder order, bool isTaken, CancellationToken cancellationToken)
    {
        await restores.CleanUpAsync(order, cancellationToken);
        if (!isTaken)
        {
            await restores.DropAsync(order, cancellationToken);
        }
    }
}
