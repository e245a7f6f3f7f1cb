using System.Collections.Immutable;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Copies;

namespace Tidegate.Drivers.Drills;

/// <summary>Markers in a copy of a tenant's database itself: they go with its rows wherever these go.</summary>
internal sealed class CopyMarkers(CopyDatabase copy, JobId job)
{
    /// <summary>With its schema.</summary>
    public const string Table = "public.tidegate_drill_marker";

    /// <summary>Writes so many by normal commits, with the rights of the tenant's own tables.</summary>
    /// <param name="from">The number of the first.</param>
    public async Task<ImmutableArray<Marker>> WriteAsync(int from, int count, CancellationToken cancellationToken)
    {
        await using var session = await copy.OpenAsync(cancellationToken);
        await Markers.PrepareAsync(session, Table, cancellationToken);
        var written = ImmutableArray.CreateBuilder<Marker>(count);
        for (var number = from; number < from + count; number++)
        {
            written.Add(await Markers.WriteAsync(session, Table, job, number, cancellationToken));
        }

        return written.DrainToImmutable();
    }

    /// <summary>By number.</summary>
    public async Task<ImmutableArray<long>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var session = await copy.OpenAsync(cancellationToken);
        return await Markers.ReadAsync(session, Table, job, cancellationToken);
    }
}
