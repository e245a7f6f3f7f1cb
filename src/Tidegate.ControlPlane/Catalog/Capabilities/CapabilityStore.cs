using Dapper;
using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>When a release was run, and for how long.</summary>
public sealed record ProbeTimes(DateTimeOffset Ended, TimeSpan Took);

/// <summary>Capability records by digest, and who runs which release now.</summary>
public sealed class CapabilityStore(NpgsqlDataSource database)
{
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    /// <summary>What is stored about a digest; null when it was never run nor asked for.</summary>
    public async Task<Capability?> FindAsync(ReleaseDigest digest, CancellationToken cancellationToken) =>
        await FindAsync([digest], cancellationToken) is [var found] ? found : null;

    /// <summary>What is stored about these digests; those that were never run nor asked for are missing.</summary>
    public async Task<IReadOnlyList<Capability>> FindAsync(
        IReadOnlyCollection<ReleaseDigest> digests,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(
                """
                select digest, state, requested_by, site, record::text as record, failure, made_at, seconds
                  from capability where digest = any(@digests)
                """,
                new { digests = digests.Select(digest => digest.Value).ToArray() },
                cancellationToken: cancellationToken
            )
        );
        return
        [
            .. rows.Select(row => new Capability(
                ReleaseDigest.Create(row.Digest),
                row.State is "wanted" or "running",
                row.Record is { } record ? StoredJson.Read<CapabilityRecord>(record) : null,
                row.Failure,
                row.Made_At is { } made ? new DateTimeOffset(made, TimeSpan.Zero) : null,
                row.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                row.Requested_By,
                row.Site
            )),
        ];
    }

    /// <summary>Has a release run again, or for the first time. Asking while it is wanted or running already changes nothing.</summary>
    public async Task RequestAsync(
        ReleaseDigest digest,
        string actor,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                """
                with asked as (
                    insert into capability as c (digest, state, requested_at, requested_by)
                    values (@digest, 'wanted', @now, @actor)
                    on conflict (digest) do update
                       set state = 'wanted', requested_at = @now, requested_by = @actor
                     where c.state = 'ended'
                    returning digest
                )
                insert into ledger (at, kind, actor, digest, reason)
                select @now, 'command', @actor, digest, 'run in the sandbox' from asked
                """,
                new
                {
                    digest = digest.Value,
                    actor,
                    now = now.ToUniversalTime(),
                },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>
    /// What is to be run, the longest wanted first. A release that nobody asked for waits for a minute in which it was
    /// not just registered and no tenant was on its way: a sandbox takes processor time that a held shop waits for.
    /// </summary>
    public async Task<IReadOnlyList<ReleaseDigest>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var digests = await connection.QueryAsync<string>(
            new CommandDefinition(
                """
                select digest from (
                    select digest, requested_at from capability
                     where state = 'wanted' or (state = 'running' and lease_until < clock_timestamp())
                    union all
                    select r.digest, r.registered_at from release r
                     where r.registered_at <= @calm
                       and not exists (select from capability c where c.digest = r.digest)
                       and not exists (select from upgrade where state in ('forward', 'back'))
                       and not exists (select from rollout where ended_at > @calm)
                ) due order by requested_at limit 100
                """,
                new { calm = (now - Calm).ToUniversalTime() },
                cancellationToken: cancellationToken
            )
        );
        return [.. digests.Select(ReleaseDigest.Create)];
    }

    /// <summary>False when another server was quicker.</summary>
    public Task<bool> ClaimAsync(
        ReleaseDigest digest,
        ProbeOptions by,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        ChangesAsync(
            """
            insert into capability as c (digest, state, requested_at, requested_by, lease_owner, lease_until)
            values (@digest, 'running', @now, @owner, @owner, clock_timestamp() + @lease)
            on conflict (digest) do update
               set state = 'running', lease_owner = @owner, lease_until = clock_timestamp() + @lease
             where c.state = 'wanted' or (c.state = 'running' and c.lease_until < clock_timestamp())
            """,
            new
            {
                digest = digest.Value,
                owner = by.Owner,
                lease = by.Lease,
                now = now.ToUniversalTime(),
            },
            cancellationToken
        );

    /// <summary>False when the claim is another's by now.</summary>
    public Task<bool> RenewAsync(ReleaseDigest digest, ProbeOptions by, CancellationToken cancellationToken) =>
        ChangesAsync(
            """
            update capability set lease_until = clock_timestamp() + @lease
             where digest = @digest and state = 'running' and lease_owner = @owner
            """,
            new
            {
                digest = digest.Value,
                owner = by.Owner,
                lease = by.Lease,
            },
            cancellationToken
        );

    /// <summary>Nothing was begun: it is for somebody else, or for later.</summary>
    public Task PutBackAsync(ReleaseDigest digest, ProbeOptions by, CancellationToken cancellationToken) =>
        ChangesAsync(
            """
            update capability set state = 'wanted', lease_owner = null, lease_until = null
             where digest = @digest and state = 'running' and lease_owner = @owner
            """,
            new { digest = digest.Value, owner = by.Owner },
            cancellationToken
        );

    /// <summary>Stores what came of it, with its ledger entry. Changes nothing when the claim is another's by now.</summary>
    public Task EndAsync(
        ReleaseDigest digest,
        ProbeOutcome outcome,
        ProbeOptions by,
        ProbeTimes times,
        CancellationToken cancellationToken
    )
    {
        var record = (outcome as ProbeOutcome.Made)?.Record;
        var failure = (outcome as ProbeOutcome.Failed)?.Reason;
        return ChangesAsync(
            """
            with ended as (
                update capability
                   set state = 'ended', record = @record::jsonb, series = @series, failure = @failure, made_at = @ended,
                       seconds = @seconds, site = @site, lease_owner = null, lease_until = null
                 where digest = @digest and state = 'running' and lease_owner = @owner
                returning digest
            )
            insert into ledger (at, kind, actor, digest, reason)
            select @ended, 'outcome', @owner, digest, coalesce('not run in the sandbox: ' || @failure, 'run in the sandbox')
              from ended
            """,
            new
            {
                digest = digest.Value,
                owner = by.Owner,
                site = by.Site,
                record = record is null ? null : StoredJson.Write(record),
                series = record?.Odoo.Identity?.Series,
                failure,
                ended = times.Ended.ToUniversalTime(),
                seconds = times.Took.TotalSeconds,
            },
            cancellationToken
        );
    }

    private async Task<bool> ChangesAsync(string statement, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
                new CommandDefinition(statement, parameters, cancellationToken: cancellationToken)
            ) > 0;
    }

    private sealed class Row
    {
        public string Digest { get; init; } = "";
        public string State { get; init; } = "";
        public string Requested_By { get; init; } = "";
        public string? Site { get; init; }
        public string? Record { get; init; }
        public string? Failure { get; init; }
        public DateTime? Made_At { get; init; }
        public double? Seconds { get; init; }
    }
}
