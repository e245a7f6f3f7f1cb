using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Backups;

/// <summary>What git says of the backups of sites, in PostgreSQL. Empty while no repository is followed.</summary>
public sealed class BackupTermsStore(NpgsqlDataSource database)
{
    /// <summary>Null where git says nothing of the site's backups.</summary>
    public async Task<SiteBackupTerms?> FindAsync(SiteName site, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select terms from site_backup_terms where site = $1");
        command.Bind(site.Value);
        return await command.ExecuteScalarAsync(cancellationToken) is string terms
            ? StoredJson.Read<SiteBackupTerms>(terms)
            : null;
    }

    /// <summary>Makes these what is said, and nothing else, inside the caller's transaction, which must be open on <paramref name="connection"/>.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<SiteBackupTerms> all,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("delete from site_backup_terms"));
        foreach (var each in all)
        {
            var command = new NpgsqlBatchCommand("insert into site_backup_terms (site, terms) values ($1, $2)");
            command.Parameters.Add(new() { Value = each.Site.Value });
            command.Parameters.Add(new() { Value = StoredJson.Write(each), NpgsqlDbType = NpgsqlDbType.Jsonb });
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
