using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rehearsals.Prediction;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Rehearsals;

public sealed partial class RehearsalStore
{
    /// <summary>Cutovers of releases that were looked at last.</summary>
    private const int Most = 60;

    /// <summary>The newest completed upgrades of a site with what each step took, and with what their rehearsal had measured before.</summary>
    public async Task<IReadOnlyList<PastCutover>> PastAsync(SiteName site, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select json_object_agg(s.step, s.seconds)::text,
                   extract(epoch from max(s.ended) filter (where s.step = 'open')
                                    - min(s.began) filter (where s.step = 'hold'))::float8,
                   u.checkpoint_bytes, (array_agg(r.parts::text))[1]
              from (select * from upgrade
                     where site = $1 and ending in ('completed', 'completed_with_exception')
                     order by ended_at desc limit $2) u
              join lateral (select step, min(started_at) as began, max(ended_at) as ended,
                                   extract(epoch from max(ended_at) - min(started_at))::float8 as seconds
                              from step_run where upgrade = u.id and ended_at is not null group by step) s on true
              left join lateral (select parts from rehearsal
                                  where tenant = u.tenant and to_digest = u.target #>> '{to,digest}'
                                    and ended_at <= u.started_at and parts is not null
                                  order by ended_at desc limit 1) r on true
             group by u.id, u.checkpoint_bytes, u.ended_at
            having count(*) filter (where s.step in ('hold', 'open')) = 2
             order by u.ended_at desc
            """
        );
        command.Bind(site.Value, Most);
        var past = new List<PastCutover>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            past.Add(
                new(
                    new(
                        StoredJson
                            .Read<Dictionary<string, double>>(row.GetString(0))
                            .ToImmutableSortedDictionary(StringComparer.Ordinal),
                        row.GetInt64(2)
                    ),
                    row.Text(3) is { } parts ? StoredJson.Read<CutoverParts>(parts) : null,
                    row.GetDouble(1)
                )
            );
        }

        return past;
    }
}
