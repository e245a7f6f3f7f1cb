using System.Globalization;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Restores;

/// <summary>
/// A checkpoint itself takes the tenant's place: nothing is copied, and what it needs is proven to be there. Only for
/// looking at it is copied: it stays the tenant's way back.
/// </summary>
internal sealed class CheckpointState(SiteLayout layout, SitePostgres site, StateFiles files)
{
    public async Task<PreparedState> PrepareAsync(
        StateOrder order,
        KeptState kept,
        Func<JobProgress, CancellationToken, Task> report,
        CancellationToken cancellationToken
    )
    {
        await report(new("verifying the checkpoint's files"), cancellationToken);
        await using var session = await FencedSession.OpenAsync(site, order.Tenant, order.Epoch, cancellationToken);
        var check = await ClosedDatabase.InsideAsync(
            session,
            kept.Database,
            inside =>
                RestoredFilestore.CheckAsync(
                    inside,
                    [
                        Path.Combine(layout.Checkpoint(kept.Upgrade), "filestore"),
                        layout.Filestore(order.Pool, order.Database),
                    ],
                    (_, _) => { },
                    cancellationToken
                ),
            cancellationToken
        );
        if (order.Into is not null && check.Missing.IsEmpty)
        {
            return await CopyAsync(session, order, kept, cancellationToken);
        }

        return check.Missing.IsEmpty
            ? new(
                new(kept.Database, kept.Oid, kept.Upgrade, null),
                kept.Since,
                null,
                new ChangeOfRelease(kept.Upgrade, IsBack: false),
                check.Verified,
                check.Generated.Length,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"checkpoint {kept.Upgrade} is whole: {check.Verified} files verified by their sha1"
                )
            )
            : throw new JobFailedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{check.Missing.Length} files of checkpoint {kept.Upgrade} of {order.Tenant} are missing or damaged, {check.Missing[0]} first; nothing was changed. Restore from a backup instead."
                )
            );
    }

    private async Task<PreparedState> CopyAsync(
        FencedSession session,
        StateOrder order,
        KeptState kept,
        CancellationToken cancellationToken
    )
    {
        var state = new StateDatabase(site, order);
        await CopyMaking.CreateAsync(session, kept.Database, state.Name, cancellationToken);
        await session.Postgres.ExecuteAsync(
            $"ALTER DATABASE {Sql.Name(state.Name)} WITH IS_TEMPLATE false",
            cancellationToken
        );
        await state.SetOpenAsync(isOpen: true, cancellationToken);
        FileCheck check;
        await using (var inside = await state.OpenAsync(cancellationToken))
        {
            check = await files.GatherAsync(order, inside, cancellationToken);
        }

        var (oid, bytes) = await state.CloseAsync(cancellationToken);
        return new(
            new(state.Name, oid, null, Path.GetRelativePath(layout.Home, layout.RestoredBy(order.Job))),
            kept.Since,
            null,
            new ChangeOfRelease(kept.Upgrade, IsBack: false),
            check.Verified,
            check.Generated.Length,
            string.Create(
                CultureInfo.InvariantCulture,
                $"a copy of checkpoint {kept.Upgrade}: {check.Verified} files verified by their sha1"
            )
        )
        {
            Bytes = bytes,
            Folder = layout.RestoredBy(order.Job),
        };
    }
}
