using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;

namespace Tidegate.Drivers.TenantBackups;

/// <param name="Held">Objects that nobody needs and the store does not let go yet.</param>
internal sealed record RemovedObjects(int Objects, long Bytes, int Held);

/// <summary>
/// The only code that removes objects: marks what any manifest of the tenant names, then removes the rest of the
/// tenant's. Killed anywhere it leaves objects that nobody needs; the next run removes them. Runs in the tenant's lane,
/// so no backup of the tenant is being taken meanwhile.
/// </summary>
internal sealed class RetentionRun(IObjectStore objects, IObjectRetention retention)
{
    /// <param name="expired">Recorded as expired: only their manifests are removed. One that nobody knows stays, with all it names.</param>
    /// <exception cref="InvalidDataException">A manifest cannot be read, so that nobody knows what it needs: no object was removed.</exception>
    public async Task<RemovedObjects> RunAsync(
        SiteName site,
        TenantName tenant,
        IReadOnlySet<string> expired,
        Action<int> onObject,
        CancellationToken cancellationToken
    )
    {
        var removed = new RemovedObjects(0, 0, 0);
        var needed = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var manifest in objects.ListAsync(BackupKeys.Manifests(site, tenant), cancellationToken))
        {
            if (
                expired.Contains(manifest.Key.Value)
                && await retention.RemoveAsync(manifest.Key, cancellationToken) is ObjectRemoval.Removed
            )
            {
                removed = Removed(removed, manifest);
            }
            else
            {
                needed.Add(manifest.Key.Value);
                needed.UnionWith(await ObjectsAsync(manifest.Key, cancellationToken));
            }
        }

        await foreach (var found in objects.ListAsync(BackupKeys.Tenant(site, tenant), cancellationToken))
        {
            if (needed.Contains(found.Key.Value))
            {
                continue;
            }

            onObject(1);
            removed =
                await retention.RemoveAsync(found.Key, cancellationToken) is ObjectRemoval.Removed
                    ? Removed(removed, found)
                    : removed with
                    {
                        Held = removed.Held + 1,
                    };
        }

        return removed;
    }

    private static RemovedObjects Removed(RemovedObjects before, StoredObject gone) =>
        before with
        {
            Objects = before.Objects + 1,
            Bytes = before.Bytes + gone.Size,
        };

    private async Task<IEnumerable<string>> ObjectsAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        await using var content =
            await objects.GetAsync(key, cancellationToken)
            ?? throw new InvalidDataException(
                $"manifest {key} went away while its tenant's objects were looked through"
            );
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        try
        {
            return TenantManifest.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)).Objects();
        }
        catch (InvalidDataException unreadable)
        {
            throw new InvalidDataException($"{key}: {unreadable.Message}", unreadable);
        }
    }
}
