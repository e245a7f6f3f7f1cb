using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Copies;

/// <summary>Asked on the site's own server before a copy is made: is there room for it in what the site gives to copies?</summary>
public sealed class CopyRoom(CopyDesk desk, ISiteCopies copies, TimeProvider clock)
{
    /// <returns>Null when there is; otherwise one sentence that names what to drop first. Checkpoints that the site does not tell of are a refusal too.</returns>
    public async Task<string?> RefusalAsync(
        SiteName site,
        long bytes,
        string actor,
        CancellationToken cancellationToken
    )
    {
        if (copies.Budget is not { Bytes: not null } budget)
        {
            return null;
        }

        var there = await desk.ListAsync(null, site.Value, Visible.Everything, actor, cancellationToken);
        return there.Missing is [var missing, ..]
            ? $"how much copies take on site {site} is not known: {missing.Reason}"
            : budget.Refusal(there.Copies, bytes, clock.GetUtcNow());
    }
}
