using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Checkpoints;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Copies;

/// <summary>On the site's own server: makes exported rows known as the copies that they are, drops copies whose time is over, and tells what is there and belongs to nobody.</summary>
public sealed class CopyLoop(
    CopyStore store,
    CopyDesk desk,
    ISiteCopies site,
    ISiteCheckpoints checkpoints,
    BlockerStore blockers,
    ServedSites served,
    TimeProvider clock,
    ILogger<CopyLoop> logger
) : TurnLoop("copies", new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)), clock, logger)
{
    /// <summary>Rows that a way back took are asked for within the year, or by nobody.</summary>
    private static readonly TimeSpan ExportsKept = TimeSpan.FromDays(365);

    private ImmutableHashSet<string> _seenBefore = [];

    /// <inheritdoc />
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        foreach (var name in served.Names)
        {
            var look = await blockers.LookAsync(stoppingToken);
            var found = new List<Blocker>();
            foreach (var copy in await store.DueAsync(name, stoppingToken))
            {
                var result = await desk.DropAsync(
                    copy.Id,
                    served.Owner,
                    "its time is over",
                    onlyExpired: true,
                    stoppingToken
                );
                if (result is DropDataCopyResult.Held held)
                {
                    found.Add(
                        Blocked(
                            name,
                            $"copy-stays-{copy.Id}",
                            $"copy {copy.Id} of {copy.What.Tenant} is past its end and not gone: {held.Reason}."
                        )
                    );
                }
            }

            var seen = await site.SeeAsync(stoppingToken);
            var recorded = await store.ListAsync(null, name.Value, stoppingToken);
            await RecordExportsAsync(name, seen.Exports, recorded, stoppingToken);
            // Work makes databases before this can know of it: what is a leftover is one twice.
            var left = await LeftoversAsync(name, seen, recorded, stoppingToken);
            found.AddRange(
                left.Where(_seenBefore.Contains)
                    .Select(place =>
                        Blocked(name, $"leftover-{place}", $"{place} on site {name} is a copy that belongs to nobody.")
                    )
            );
            _seenBefore = [.. left];
            await blockers.ReplaceAsync($"copies/{name}", found, look, Clock.GetUtcNow(), stoppingToken);
        }

        return false;
    }

    // A step that writes them out knows no control plane; what is on disk is known after the next look.
    private async Task RecordExportsAsync(
        SiteName name,
        ImmutableArray<SeenExport> exports,
        IReadOnlyList<DataCopy> recorded,
        CancellationToken cancellationToken
    )
    {
        var known = recorded.Select(copy => copy.Place).ToHashSet(StringComparer.Ordinal);
        foreach (var export in exports.Where(export => !known.Contains(export.Path)))
        {
            await store.RecordAsync(
                new(
                    CopyKind.Export,
                    new TenantName(export.Tenant),
                    name,
                    export.Rollout,
                    $"rows that way back {export.Rollout} took",
                    Job: null,
                    Database: null,
                    export.Path,
                    export.Bytes,
                    IsMasked: false,
                    Clock.GetUtcNow() + ExportsKept
                ),
                cancellationToken
            );
        }
    }

    // A process has one home: with several names it would see the same databases under each, and they are listed once.
    private async Task<ImmutableArray<string>> LeftoversAsync(
        SiteName name,
        SeenCopies seen,
        IReadOnlyList<DataCopy> recorded,
        CancellationToken cancellationToken
    )
    {
        var kept = await checkpoints.ListAsync(cancellationToken);
        return CopyLeftovers.Of(
            seen,
            kept.Select(checkpoint => checkpoint.Database).ToHashSet(StringComparer.Ordinal),
            recorded
                .SelectMany(copy => new[] { copy.What.Database, copy.What.Folder })
                .OfType<string>()
                .ToHashSet(StringComparer.Ordinal),
            await store.WorkAsync(name, cancellationToken)
        );
    }

    private Blocker Blocked(SiteName name, string code, string what) =>
        new(
            $"site/{name}",
            code,
            what,
            Clock.GetUtcNow(),
            Until: null,
            "who works on the site",
            "look whose it is; what nobody wants is dropped as the database's owner, or removed with its folder"
        );
}
