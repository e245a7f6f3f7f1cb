using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Odoo;

/// <summary>
/// Writes into a migrated database what content its modules were updated with, where click-odoo-update keeps it: the
/// next release finds by it what changed, and a tenant may go back to those tools without a full update.
/// </summary>
internal static class InstalledChecksums
{
    /// <param name="session">On the copy, as a role that may write Odoo's parameters.</param>
    /// <param name="installed">Names of the installed modules; those that the release does not hold are left out.</param>
    public static async Task WriteAsync(
        NpgsqlConnection session,
        BundleStore bundles,
        ReleaseDigest release,
        IEnumerable<string> installed,
        CancellationToken cancellationToken
    )
    {
        var bundle =
            bundles.Find(release) ?? throw new InvalidOperationException($"Release {release} is not in the store.");
        var rule = await RuleAsync(session, cancellationToken);
        var checksums = bundles.Checksums(bundle, installed, rule).ToImmutableSortedDictionary(StringComparer.Ordinal);
        await using var statement = new NpgsqlCommand(
            """
            INSERT INTO ir_config_parameter (key, value, create_uid, write_uid, create_date, write_date)
            VALUES ($1, $2, 1, 1, now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc')
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, write_date = excluded.write_date
            """,
            session
        );
        statement.Parameters.Add(new() { Value = ChecksumRule.InstalledParameter });
        statement.Parameters.Add(new() { Value = JsonSerializer.Serialize(checksums) });
        await statement.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The database's own patterns where it has some, and its active languages.</summary>
    private static async Task<ChecksumRule> RuleAsync(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        await using var parameter = new NpgsqlCommand("SELECT value FROM ir_config_parameter WHERE key = $1", session);
        parameter.Parameters.Add(new() { Value = ChecksumRule.ExcludedParameter });
        var excluded = await parameter.ExecuteScalarAsync(cancellationToken) as string;
        await using var languages = new NpgsqlCommand(
            "SELECT coalesce(array_agg(code::text), '{}') FROM res_lang WHERE active",
            session
        );
        var codes = (string[])(await languages.ExecuteScalarAsync(cancellationToken))!;
        var rule = ChecksumRule.ClickOdoo.For(codes);
        return string.IsNullOrWhiteSpace(excluded)
            ? rule
            : rule with
            {
                Excluded =
                [
                    .. excluded.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                ],
            };
    }
}
