using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Restores;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Copies;

/// <summary>The copies of a site, as PostgreSQL and the disk have them.</summary>
public sealed class SiteCopies(SiteLayout layout, SitePostgres site, TimeProvider clock) : ISiteCopies
{
    /// <inheritdoc />
    public CopyBudget Budget => new(SiteOptions.Read(layout)?.CopiesGb is { } gigabytes ? (long)gigabytes << 30 : null);

    /// <inheritdoc />
    public async Task<SeenCopies> SeeAsync(CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        var databases = await session.QueryAsync(
            @"select datname::text, pg_database_size(oid) from pg_database where datname like '%\_\_%' order by 1",
            [],
            row => new SeenDatabase(row.GetString(0), row.GetInt64(1)),
            cancellationToken
        );
        return new(
            databases,
            Directory.Exists(layout.WorkFolder)
                ?
                [
                    .. Directory
                        .EnumerateDirectories(layout.WorkFolder)
                        .Order(StringComparer.Ordinal)
                        .Select(folder => new SeenFolder(folder, Path.GetFileName(folder))),
                ]
                : [],
            [.. Exports()]
        );
    }

    /// <summary>What <see cref="Restores.LossExport"/> has written.</summary>
    private IEnumerable<SeenExport> Exports()
    {
        if (!Directory.Exists(layout.Evidence))
        {
            yield break;
        }

        // Only ways back write rows out: the folders of all other rollouts, many on a large site, are not looked into.
        var rollouts = Directory.EnumerateDirectories(layout.Evidence, $"{RestoreJob.RolloutPrefix}*");
        foreach (var rollout in rollouts.Order(StringComparer.Ordinal))
        {
            foreach (var tenant in Directory.EnumerateDirectories(rollout).Order(StringComparer.Ordinal))
            {
                var bytes = new DirectoryInfo(tenant)
                    .EnumerateFiles(Restores.LossExport.Files)
                    .Sum(file => file.Length);
                if (bytes > 0)
                {
                    yield return new(tenant, Path.GetFileName(rollout), Path.GetFileName(tenant), bytes);
                }
            }
        }
    }

    /// <inheritdoc />
    /// <exception cref="StaleEpochException">This control plane is old; nothing was dropped.</exception>
    public async Task<string?> DropAsync(DataCopy copy, long epoch, CancellationToken cancellationToken)
    {
        // The files first: what is dropped by half is still found by its database, and dropped whole the next time.
        if (copy.What.Folder is { } folder)
        {
            if (!Path.GetFullPath(folder).StartsWith($"{Path.GetFullPath(layout.Home)}/", StringComparison.Ordinal))
            {
                return $"its folder {folder} is not below the site's home, and is left alone";
            }

            Remove(copy.What.Kind, folder);
        }

        if (copy.What.Database is not { } database)
        {
            return null;
        }

        await using var session = await FencedSession.OpenAsync(site, copy.What.Tenant, epoch, cancellationToken);
        if (await DatabaseRemoval.DropAsync(session, database, clock, cancellationToken) is { } busy)
        {
            return busy;
        }

        await session.InTransactionAsync(
            postgres =>
                postgres.ExecuteAsync(
                    "delete from tidegate.restored where database = $1",
                    [database],
                    cancellationToken
                ),
            cancellationToken
        );
        return null;
    }

    /// <summary>Rows that a way back wrote out go alone: the rest of its evidence stays.</summary>
    private static void Remove(CopyKind kind, string folder)
    {
        var it = new DirectoryInfo(folder);
        if (!it.Exists)
        {
            return;
        }

        if (kind is not CopyKind.Export)
        {
            it.Delete(recursive: true);
            return;
        }

        foreach (var file in it.EnumerateFiles(Restores.LossExport.Files))
        {
            file.Delete();
        }
    }
}
