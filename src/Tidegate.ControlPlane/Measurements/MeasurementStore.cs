using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Measurements;

/// <summary>What sites have measured of themselves, and the steps that it comes from.</summary>
public sealed class MeasurementStore(NpgsqlDataSource database)
{
    private const int Latest = 50;

    /// <summary>The latest cutovers of a site that ended well at the first attempt of every step: an interrupted one measures the interruption.</summary>
    public async Task<IReadOnlyList<MeasuredCutover>> CutoversAsync(SiteName site, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with latest as (
                select id, checkpoint_bytes from upgrade
                 where site = $1 and ending = 'completed'
                 order by ended_at desc limit $2)
            select u.checkpoint_bytes,
                   max(s.ended_at - s.started_at) filter (where s.step = 'copy'),
                   max(s.ended_at) filter (where s.step = 'open') - min(s.started_at) filter (where s.step = 'hold')
              from latest u join step_run s on s.upgrade = u.id
             where s.step in ('hold', 'fence', 'copy', 'migrate', 'judge', 'swap', 'warm', 'verify', 'open')
             group by u.id, u.checkpoint_bytes
            having count(*) filter (where s.step = 'copy') = 1
               and count(*) filter (where s.step = 'open') = 1
               and bool_and(s.outcome = 'done')
            """
        );
        command.Bind(site.Value, Latest);
        var cutovers = new List<MeasuredCutover>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            cutovers.Add(new(reader.GetInt64(0), reader.GetTimeSpan(1), reader.GetTimeSpan(2)));
        }

        return cutovers;
    }

    /// <summary>Keeps a site's pace and free disk. A pace that was measured once is not forgotten for lack of a newer one.</summary>
    public async Task KeepAsync(
        SiteName site,
        CutoverPace? pace,
        long freeBytes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            insert into site_measurement as m (site, cutovers, copy_bytes_per_second, fixed_hold, free_bytes, measured_at)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (site) do update set
                cutovers = case when $2 > 0 then $2 else m.cutovers end,
                copy_bytes_per_second = coalesce($3, m.copy_bytes_per_second),
                fixed_hold = coalesce($4, m.fixed_hold), free_bytes = $5, measured_at = $6
            """
        );
        command.Bind(site.Value, pace?.Cutovers ?? 0);
        // Typed, since a null says nothing of its type.
        command.Parameters.Add(new NpgsqlParameter<double?> { TypedValue = pace?.CopyBytesPerSecond });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan?> { TypedValue = pace?.Fixed });
        command.Bind(freeBytes, now.ToUniversalTime());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Keeps what a probe has found. The site has measured before.</summary>
    public async Task KeepAsync(SiteName site, HostProbe probe, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            update site_measurement
               set can_clone = $2, clone_reason = $3, file_copy_method = $4, probe_bytes_per_second = $5, probed_at = $6
             where site = $1
            """
        );
        command.Bind(site.Value, probe.CanClone, probe.CloneReason);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = probe.FileCopyMethod });
        command.Bind(probe.CopyBytesPerSecond, now.ToUniversalTime());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Every site that has measured anything, by name.</summary>
    public async Task<ImmutableSortedDictionary<string, MeasuredSite>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select m.site, cutovers, copy_bytes_per_second, fixed_hold, probed_at, can_clone, clone_reason, file_copy_method,
                   probe_bytes_per_second, free_bytes, measured_at,
                   exists (select from job j where j.site = m.site and j.lane = 'cluster' and j.state = 'running')
              from site_measurement m
            """
        );
        var sites = ImmutableSortedDictionary.CreateBuilder<string, MeasuredSite>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var name = new SiteName(reader.GetString(0));
            sites[name.Value] = new(
                name,
                new(Pace(reader), Probe(reader), reader.GetInt64(9), reader.GetBoolean(11)),
                reader.GetFieldValue<DateTimeOffset>(10),
                reader.Instant(4)
            );
        }

        return sites.ToImmutable();
    }

    private static CutoverPace? Pace(NpgsqlDataReader row) =>
        row.IsDBNull(2) ? null : new(row.GetInt32(1), row.GetDouble(2), row.GetTimeSpan(3));

    private static HostProbe? Probe(NpgsqlDataReader row) =>
        row.IsDBNull(4) ? null : new(row.GetBoolean(5), row.GetString(6), row.Text(7), row.GetDouble(8));
}
