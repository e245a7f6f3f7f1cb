using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>A release that rollouts may name.</summary>
public sealed record Release(
    ReleaseRef Ref,
    ImmutableArray<string> DeclaredPriceChanges,
    DateTimeOffset RegisteredAt,
    string RegisteredBy
);

/// <summary>Registered releases. Immutable: a name keeps its digest for ever.</summary>
public sealed class ReleaseStore(NpgsqlDataSource database) : IReleaseNames
{
    /// <summary>Registers a release; registering the same again changes nothing.</summary>
    /// <returns>Null, or one sentence when the name has another digest, or the digest another name.</returns>
    public async Task<string?> RegisterAsync(Release release, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with added as (
                insert into release (name, digest, declared_price_changes, registered_at, registered_by)
                values ($1, $2, $3, $4, $5) on conflict do nothing
                returning name
            ), logged as (
                insert into ledger (at, kind, actor, digest, reason)
                select $4, 'command', $5, $2, 'register release ' || name from added
            )
            select name, digest from release where (name = $1 or digest = $2) and not (name = $1 and digest = $2)
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = release.Ref.Name });
        command.Parameters.Add(new NpgsqlParameter { Value = release.Ref.Digest.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = release.DeclaredPriceChanges.ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = release.RegisteredAt.ToUniversalTime() });
        command.Parameters.Add(new NpgsqlParameter { Value = release.RegisteredBy });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? $"release {reader.GetString(0)} is {reader.GetString(1)}, and releases are immutable; give the new content a new name."
            : null;
    }

    public async Task<IReadOnlyDictionary<string, ReleaseDigest>> NamesAsync(CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).ToDictionary(
            release => release.Ref.Name,
            release => release.Ref.Digest,
            StringComparer.Ordinal
        );

    /// <summary>Every release, the newest first.</summary>
    public async Task<IReadOnlyList<Release>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select name, digest, declared_price_changes, registered_at, registered_by
              from release order by registered_at desc, name
            """
        );
        var releases = new List<Release>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            releases.Add(
                new Release(
                    new ReleaseRef(reader.GetString(0), ReleaseDigest.Create(reader.GetString(1))),
                    [.. reader.GetFieldValue<string[]>(2)],
                    reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetString(4)
                )
            );
        }

        return releases;
    }
}
