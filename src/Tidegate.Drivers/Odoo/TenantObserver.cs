using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Odoo;

/// <summary>Reads of a tenant's database what a plan needs: size, installed modules, the checksums that click-odoo keeps, languages, and what stands in a cutover's way.</summary>
public sealed class TenantObserver(SitePostgres site) : ITenantObserver
{
    public async Task<TenantObservation> ObserveAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await site.OpenAsync(tenant.Database, DatabaseNames.SiteRole, cancellationToken);
            var seen = await ReadAsync(session, cancellationToken);
            var readiness = await DatabaseReadiness.ReadAsync(
                site,
                tenant.Database,
                tenant.Profile.ExternalRoles,
                cancellationToken
            );
            return seen with { Obstacles = readiness.Refusals };
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InvalidCatalogName)
        {
            return Unreadable(tenant, "does not exist; create it or correct the tenant's entry.");
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            return Unreadable(tenant, "is not an Odoo database: it has no table ir_module_module.");
        }
        catch (PostgresException exception)
        {
            return Unreadable(tenant, $"cannot be read: {exception.MessageText}");
        }
        catch (NpgsqlException exception)
        {
            return Unreadable(tenant, $"cannot be reached: {exception.Message}");
        }
    }

    private static TenantObservation.Unreadable Unreadable(Tenant tenant, string what) =>
        new($"database {tenant.Database} of {tenant.Name} {what}");

    private static async Task<TenantObservation.Seen> ReadAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    )
    {
        var bytes = await session.ScalarAsync<long>(
            "select pg_database_size(current_database())",
            [],
            cancellationToken
        );

        // The column latest_version holds the installed version; the name is Odoo's.
        var installed = await session.QueryAsync(
            "select name, coalesce(latest_version, '') from ir_module_module where state = 'installed'",
            [],
            row => KeyValuePair.Create(row.GetString(0), row.GetString(1)),
            cancellationToken
        );
        var checksums = await session.ScalarAsync<string>(
            "select value from ir_config_parameter where key = 'module_auto_update.installed_checksums'",
            [],
            cancellationToken
        );
        var languages = await session.QueryAsync(
            "select code from res_lang where active order by code",
            [],
            row => row.GetString(0),
            cancellationToken
        );
        return new TenantObservation.Seen(
            bytes,
            installed.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Parse(checksums),
            languages
        );
    }

    /// <summary>A parameter that is no JSON object of texts is as good as none: modules are then compared by release.</summary>
    private static ImmutableSortedDictionary<string, string>? Parse(string? checksums)
    {
        try
        {
            return checksums is null
                ? null
                : JsonSerializer
                    .Deserialize<Dictionary<string, string>>(checksums)
                    ?.ToImmutableSortedDictionary(StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
