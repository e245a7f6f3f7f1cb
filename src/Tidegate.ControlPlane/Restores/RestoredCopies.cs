using System.Globalization;
using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.Restores;

/// <summary>States that are kept beside their tenant, to be looked at: each is a copy with an owner and an end.</summary>
public sealed class RestoredCopies(CopyStore store, CopyRoom room, ISiteRestores site, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <returns>One sentence for people.</returns>
    /// <exception cref="JobFailedException">There is no room for it, its name is taken, or it cannot be made harmless.</exception>
    public async Task<string> KeepAsync(
        StateOrder order,
        PreparedState state,
        ReleaseDigest release,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    )
    {
        if (await room.RefusalAsync(claimed.Site, state.Bytes, claimed.Actor, cancellationToken) is { } refusal)
        {
            throw new JobFailedException(refusal);
        }

        var there = await store.ListAsync(null, claimed.Site.Value, cancellationToken);
        if (there.FirstOrDefault(copy => copy.What.Database == order.Into && copy.What.Job != order.Job) is { } taken)
        {
            throw new JobFailedException(
                $"{order.Into} is copy {taken.Id} of {taken.What.Tenant}: drop it, or choose another name."
            );
        }

        var until = clock.GetUtcNow() + Kept;
        await store.RecordAsync(
            new(
                CopyKind.Restored,
                order.Tenant,
                claimed.Site,
                claimed.Actor,
                claimed.Reason ?? $"to look at {order.Target}",
                order.Job,
                order.Into,
                state.Folder,
                state.Bytes,
                IsMasked: false,
                until
            ),
            cancellationToken
        );
        var what = await site.KeepAsync(order, state, release, cancellationToken);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"kept as {order.Into} until {until:u} ({what}): tidegate copies list"
        );
    }

    /// <summary>The job has come to nothing, and what it brought is gone.</summary>
    public async Task ForgetAsync(StateOrder order, ClaimedJob claimed, CancellationToken cancellationToken)
    {
        foreach (var copy in await store.ListAsync(order.Tenant.Value, claimed.Site.Value, cancellationToken))
        {
            if (copy.What.Job == order.Job)
            {
                await store.ForgetAsync(
                    copy.Id,
                    claimed.Actor,
                    "its restore did not come to its end",
                    cancellationToken
                );
            }
        }
    }
}
