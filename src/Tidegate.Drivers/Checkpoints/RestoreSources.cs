using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Checkpoints;

/// <summary>What there is of a database that waits to take a tenant's place, beside the database itself: files and records.</summary>
public sealed class RestoreSources(SiteLayout layout, SitePostgres site)
{
    /// <summary>The tenant has gone back to it: the rest of it is not needed any more. Nothing there is no error.</summary>
    public async Task ForgetAsync(RestoreSource source, StepContext context, CancellationToken cancellationToken)
    {
        await using var session = await FencedSession.OpenAsync(
            site,
            context.Target.Tenant,
            context.Epoch,
            cancellationToken
        );
        await ForgetAsync(session, source, cancellationToken);
    }

    internal async Task ForgetAsync(FencedSession session, RestoreSource source, CancellationToken cancellationToken)
    {
        RemoveFiles(source);
        await session.InTransactionAsync(
            async postgres =>
                source.Checkpoint is { } upgrade
                    ? await FenceRecord.ForgetAsync(postgres, upgrade, cancellationToken)
                    : await postgres.ExecuteAsync(
                        "delete from tidegate.restored where database = $1",
                        [source.Database],
                        cancellationToken
                    ),
            cancellationToken
        );
    }

    private void RemoveFiles(RestoreSource source)
    {
        var folder =
            source.Checkpoint is { } upgrade ? layout.Checkpoint(upgrade)
            : source.Files is { } files ? Path.Combine(layout.Home, files)
            : null;
        if (folder is not null && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
