using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Drift;

/// <summary>Differences as they were last seen, and the checks that saw them, in PostgreSQL.</summary>
public sealed class DriftStore(NpgsqlDataSource database)
{
    private const int MostUnknown = 50;

    /// <summary>
    /// Keeps what a check found. A difference that is gone is forgotten; one of something that was not judged stays as
    /// it was last seen.
    /// </summary>
    /// <param name="now">When the site was looked at.</param>
    public async Task SaveAsync(
        SiteName site,
        DriftReport report,
        TimeSpan took,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ReplaceAsync(connection, site, report, now, cancellationToken);
        await using var check = new NpgsqlCommand(
            """
            insert into drift_check (site, checked_at, seconds, judged, busy, unknown)
            values ($1, $2, $3, $4, $5, $6::jsonb)
            on conflict (site) do update
               set checked_at = $2, seconds = $3, judged = $4, busy = $5, unknown = $6::jsonb
            """,
            connection
        );
        var busy = report.Busy.Select(DriftSubject.Of).ToHashSet();
        check.Bind(
            site.Value,
            now.ToUniversalTime(),
            took.TotalSeconds,
            report.Judged,
            report.Busy.Length,
            StoredJson.Write(
                report
                    .Unjudged.Where(unjudged => unjudged.Subject is not { } subject || !busy.Contains(subject))
                    .Select(unjudged => new StoredUnknown(
                        (unjudged.Subject ?? DriftSubject.Of(site)).ToString(),
                        unjudged.Aspect,
                        unjudged.Why
                    ))
                    .Take(MostUnknown)
                    .ToImmutableArray()
            )
        );
        await check.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>What is known to differ, by subject; first those that were seen first.</summary>
    /// <param name="filter">Null parts take all.</param>
    public async Task<IReadOnlyList<StoredDifference>> ReadAsync(
        DriftFilter filter,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select site, subject, environment, code, item, expected, found, cause, first_seen, last_seen
              from drift
             where ($1::text is null or environment = $1) and ($2::text is null or subject = $2)
               and ($3::text is null or site = $3)
             order by subject, first_seen, code, item
            """
        );
        command.Parameters.Add(Nullable(filter.Environment?.Value));
        command.Parameters.Add(Nullable(filter.Subject?.ToString()));
        command.Parameters.Add(Nullable(filter.Site?.Value));
        var found = new List<StoredDifference>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            if (DriftCode.Find(row.GetString(3)) is not { } code)
            {
                continue; // a newer server found it, and shows it
            }

            found.Add(
                new(
                    new SiteName(row.GetString(0)),
                    new Difference(
                        DriftSubject.Parse(row.GetString(1)),
                        row.Text(2) is { } environment ? new EnvironmentName(environment) : null,
                        code,
                        row.GetString(4),
                        row.GetString(5),
                        row.GetString(6),
                        row.GetString(7) is "behind" ? DriftCause.Behind : DriftCause.Manual
                    ),
                    row.GetFieldValue<DateTimeOffset>(8),
                    row.GetFieldValue<DateTimeOffset>(9)
                )
            );
        }

        return found;
    }

    /// <summary>The last check of each site, by name.</summary>
    public async Task<IReadOnlyList<StoredCheck>> ChecksAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select site, checked_at, seconds, judged, busy, unknown from drift_check order by site"
        );
        var checks = new List<StoredCheck>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            checks.Add(
                new(
                    new SiteName(row.GetString(0)),
                    row.GetFieldValue<DateTimeOffset>(1),
                    TimeSpan.FromSeconds(row.GetDouble(2)),
                    row.GetInt32(3),
                    row.GetInt32(4),
                    StoredJson.Read<ImmutableArray<StoredUnknown>>(row.GetString(5))
                )
            );
        }

        return checks;
    }

    private static async Task ReplaceAsync(
        NpgsqlConnection connection,
        SiteName site,
        DriftReport report,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            with seen as (
                select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                                     $9::text[])
                    as s (subject, aspect, code, item, environment, expected, found, cause)
            ), unjudged as (
                select * from unnest($10::text[], $11::text[]) as u (subject, aspect)
            ), gone as (
                delete from drift d
                 where d.site = $1
                   and not exists (select from seen s where (s.subject, s.code, s.item) = (d.subject, d.code, d.item))
                   and not exists (select from unjudged u
                                    where u.aspect = d.aspect and (u.subject is null or u.subject = d.subject))
            )
            insert into drift as d (site, subject, aspect, code, item, environment, expected, found, cause, first_seen, last_seen)
            select $1, subject, aspect, code, item, environment, expected, found, cause, $12, $12 from seen
            on conflict (site, subject, code, item) do update
               set environment = excluded.environment, expected = excluded.expected, found = excluded.found,
                   cause = excluded.cause, last_seen = excluded.last_seen
            """,
            connection
        );
        var all = report.Differences;
        command.Parameters.Add(new() { Value = site.Value });
        Add(all.Select(difference => difference.Subject.ToString()));
        Add(all.Select(difference => difference.Code.Aspect.Word()));
        Add(all.Select(difference => difference.Code.Name));
        Add(all.Select(difference => difference.Item));
        Add(all.Select(difference => difference.Environment?.Value));
        Add(all.Select(difference => difference.Expected));
        Add(all.Select(difference => difference.Found));
        Add(all.Select(difference => difference.Cause is DriftCause.Behind ? "behind" : "manual"));
        Add(report.Unjudged.Select(unjudged => unjudged.Subject?.ToString()));
        Add(report.Unjudged.Select(unjudged => unjudged.Aspect.Word()));
        command.Parameters.Add(new() { Value = now.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(cancellationToken);

        void Add(IEnumerable<string?> texts) =>
            command.Parameters.Add(
                new() { Value = texts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
            );
    }

    private static NpgsqlParameter Nullable(string? text) =>
        new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}

/// <summary>Which differences; null parts take all.</summary>
public sealed record DriftFilter(
    EnvironmentName? Environment = null,
    DriftSubject? Subject = null,
    SiteName? Site = null
);

/// <summary>A difference as it is kept.</summary>
/// <param name="FirstSeen">Without a break since.</param>
public sealed record StoredDifference(
    SiteName Site,
    Difference Difference,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen
);

/// <summary>The last check of a site.</summary>
/// <param name="Judged">Tenants that were compared.</param>
/// <param name="Busy">Tenants that an upgrade worked on.</param>
/// <param name="Unknown">What else could not be judged; the first of many.</param>
public sealed record StoredCheck(
    SiteName Site,
    DateTimeOffset CheckedAt,
    TimeSpan Took,
    int Judged,
    int Busy,
    ImmutableArray<StoredUnknown> Unknown
);

/// <summary>What a check could not judge.</summary>
public sealed record StoredUnknown(string Subject, DriftAspect Aspect, string Why);
