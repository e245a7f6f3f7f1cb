using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Catalog.Releases;

/// <summary>Registered releases. Immutable: a name keeps digest, notes and risk for ever; only its block changes.</summary>
public sealed class ReleaseStore(NpgsqlDataSource database) : IReleaseNames
{
    private const string Columns = """
        select r.name, r.digest, r.declared_price_changes, r.behaviour_changes, r.summary, r.risk, r.risk_reason,
               r.registered_at, r.registered_by, r.odoo, r.series, r.source_commit, r.source_clean, r.manifest,
               r.block_reason, r.blocked_by, r.blocked_at,
               v.id, v.previous, v.errors, v.warnings, v.infos, v.class, v.ended_at, v.report, r.declared_drops,
               (select max(class) from rehearsal where to_digest = r.digest)
          from release r
          left join lateral (
              select * from release_validation where release = r.name and state = 'ended' order by id desc limit 1
          ) v on true

        """;

    /// <summary>Adds a release with its ledger entry, unless its name or digest is there.</summary>
    /// <param name="addons">The folders that its addons were built of; empty when that is unknown.</param>
    /// <returns>Null when it was added; otherwise the release that is there, of the same name if there is one.</returns>
    public async Task<ReleaseRecord?> AddAsync(
        ReleaseRecord release,
        ImmutableArray<SourceFolder> addons,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            with added as (
                insert into release (name, digest, declared_price_changes, behaviour_changes, summary, risk, risk_reason,
                                     odoo, series, source_commit, source_clean, manifest, registered_at, registered_by,
                                     declared_drops, addons)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::jsonb)
                on conflict do nothing
                returning name
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $13, 'command', $14, $2, 'register release ' || name from added
            """
        );
        command.Bind(
            release.Ref.Name,
            release.Ref.Digest.Value,
            release.Notes.DeclaredPriceChanges.ToArray(),
            release.Notes.DeclaredBehaviourChanges.ToArray(),
            release.Notes.Summary,
            ReleaseRisk.Word(release.Risk.Level),
            release.Risk.Reason,
            release.Odoo,
            release.Series,
            release.Commit,
            release.Clean,
            release.Manifest,
            release.RegisteredAt.ToUniversalTime(),
            release.RegisteredBy,
            release.Notes.DeclaredDrops.ToArray(),
            StoredJson.Write(addons)
        );
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
        {
            return null;
        }

        // Another statement: what somebody added meanwhile is seen too.
        return await OneAsync(
                "where r.name = $1 or r.digest = $2 order by r.name = $1 desc limit 1",
                cancellationToken,
                release.Ref.Name,
                release.Ref.Digest.Value
            ) ?? throw new InvalidOperationException($"Release {release.Ref.Name} was neither added nor found.");
    }

    /// <summary>The release of that name, or null.</summary>
    public Task<ReleaseRecord?> FindAsync(string name, CancellationToken cancellationToken) =>
        OneAsync("where r.name = $1", cancellationToken, name);

    /// <summary>The release of that digest, or null.</summary>
    public Task<ReleaseRecord?> FindAsync(ReleaseDigest digest, CancellationToken cancellationToken) =>
        OneAsync("where r.digest = $1", cancellationToken, digest.Value);

    /// <summary>The releases of these digests; those that are not registered are missing.</summary>
    public Task<IReadOnlyList<ReleaseRecord>> FindAsync(
        IReadOnlyCollection<ReleaseDigest> digests,
        CancellationToken cancellationToken
    ) => ReadAsync("where r.digest = any($1)", cancellationToken, [digests.Select(digest => digest.Value).ToArray()]);

    /// <summary>The releases of these names; those that are not registered are missing.</summary>
    public Task<IReadOnlyList<ReleaseRecord>> FindNamedAsync(
        IReadOnlyCollection<string> names,
        CancellationToken cancellationToken
    ) => ReadAsync("where r.name = any($1)", cancellationToken, [names.ToArray()]);

    /// <summary>
    /// The folders that the addons of a release were built of, and those of the other release that an environment took on
    /// last, in the ordinary way; empty where that is not recorded.
    /// </summary>
    public async Task<(ImmutableArray<SourceFolder> Now, ImmutableArray<SourceFolder> Before)> AddonsAsync(
        EnvironmentName environment,
        ReleaseDigest release,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select (select addons from release where digest = $2),
                   (select r.addons from rollout o left join release r on r.digest = o.release_digest
                     where o.environment = $1 and o.kind = 'release' and o.release_digest <> $2 and o.outcome = 'completed'
                       and not exists (select from emergency e where e.rollout = o.id)
                     order by o.created_at desc limit 1)
            """
        );
        command.Bind(environment.Value, release.Value);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (Read(0), Read(1));

        ImmutableArray<SourceFolder> Read(int column) =>
            row.Text(column) is { } folders ? StoredJson.Read<ImmutableArray<SourceFolder>>(folders) : [];
    }

    /// <summary>The newest releases, the newest first.</summary>
    /// <param name="most">How many at most.</param>
    public Task<IReadOnlyList<ReleaseRecord>> ListAsync(int most, CancellationToken cancellationToken) =>
        ReadAsync("order by r.registered_at desc, r.name limit $1", cancellationToken, most);

    public async Task<IReadOnlyDictionary<string, ReleaseDigest>> NamesAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select name, digest from release");
        var names = new Dictionary<string, ReleaseDigest>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0), ReleaseDigest.Create(reader.GetString(1)));
        }

        return names;
    }

    /// <summary>Sets or lifts a block with its ledger entry; one that is so already stays as it is.</summary>
    /// <returns>The release as it is now; null when there is none of that name.</returns>
    public async Task<ReleaseRecord?> ChangeBlockAsync(BlockChange change, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with changed as (
                update release set blocked_at = $2, blocked_by = $3, block_reason = $4
                 where name = $1 and (blocked_at is null) = ($2::timestamptz is not null)
                returning name, digest
            )
            insert into ledger (at, kind, actor, digest, reason)
            select $6, 'command', $5, digest,
                   case when $2::timestamptz is null then 'unblock' else 'block' end || ' release ' || name || ': ' || $7
              from changed
            """
        );
        command.Bind(
            change.Release,
            change.Block?.At.ToUniversalTime(),
            change.Block?.By,
            change.Block?.Reason,
            change.Actor,
            change.At.ToUniversalTime(),
            change.Reason
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        return await FindAsync(change.Release, cancellationToken);
    }

    private async Task<ReleaseRecord?> OneAsync(
        string tail,
        CancellationToken cancellationToken,
        params object?[] values
    ) => await ReadAsync(tail, cancellationToken, values) is [var found, ..] ? found : null;

    private async Task<IReadOnlyList<ReleaseRecord>> ReadAsync(
        string tail,
        CancellationToken cancellationToken,
        params object?[] values
    )
    {
        await using var command = database.CreateCommand(Columns + tail);
        command.Bind(values);
        var releases = new List<ReleaseRecord>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            releases.Add(Release(reader));
        }

        return releases;
    }

    private static ReleaseRecord Release(NpgsqlDataReader row) =>
        new(
            new ReleaseRef(row.GetString(0), ReleaseDigest.Create(row.GetString(1))),
            new ReleaseNotes([.. row.GetFieldValue<string[]>(2)], row.GetString(4))
            {
                DeclaredBehaviourChanges = [.. row.GetFieldValue<string[]>(3)],
                DeclaredDrops = [.. row.GetFieldValue<string[]>(25)],
            },
            new ReleaseRisk(ReleaseRisk.Parse(row.GetString(5))!.Value, row.GetString(6)),
            row.GetFieldValue<DateTimeOffset>(7),
            row.GetString(8)
        )
        {
            Odoo = row.Text(9),
            Series = row.Text(10),
            Commit = row.Text(11),
            Clean = row.IsDBNull(12) ? null : row.GetBoolean(12),
            Manifest = row.Text(13),
            Block = row.IsDBNull(14)
                ? null
                : new(row.GetString(14), row.GetString(15), row.GetFieldValue<DateTimeOffset>(16)),
            Validation = row.IsDBNull(17) ? null : Validation(row),
            Proven = row.Text(26) is { } proven ? Enum.Parse<ReleaseClass>(proven, ignoreCase: true) : null,
        };

    private static ValidationSummary Validation(NpgsqlDataReader row) =>
        new(
            new ValidationId(row.GetString(17)),
            row.Text(18),
            new FindingCounts(row.GetInt32(19), row.GetInt32(20), row.GetInt32(21)),
            row.Text(22) is { } word ? Enum.Parse<ReleaseClass>(word) : null,
            row.GetFieldValue<DateTimeOffset>(23),
            row.GetString(24)
        );
}
