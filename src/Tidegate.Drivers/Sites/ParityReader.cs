using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Parity;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Sites;

/// <summary>Reads what of a tenant must be alike in two environments: its database, and what its generation was started with.</summary>
public sealed class ParityReader(SiteLayout layout, BundleStore bundles) : IParityReader
{
    /// <summary>Whoever brings production's data over writes the time here, as ISO 8601: nothing else in a database says it.</summary>
    public const string DataAsOfParameter = "tidegate.data_as_of";

    private const string AddonsPath = "addons_path";

    public async Task<TenantParity> ReadAsync(FleetMember member, CancellationToken cancellationToken)
    {
        var settings = Settings(member);
        var bundle = bundles.Find(member.Release.Digest);
        var tenant = new TenantParity(
            member.Tenant.Name,
            member.Release,
            member.Tenant.TimeZone,
            bundle?.Odoo.Version,
            Bridge(settings),
            ImmutableSortedDictionary<string, string>.Empty,
            settings.RemoveRange(GenerationPlaces.Names),
            null
        );
        try
        {
            await using var session = await layout.Cluster.OpenAsync(
                member.Tenant.Database,
                DatabaseNames.SiteRole,
                cancellationToken
            );
            return tenant with
            {
                Database = await DatabaseAsync(session, cancellationToken),
                Modules = await ModulesAsync(session, bundle, cancellationToken),
            };
        }
        catch (NpgsqlException)
        {
            return tenant; // it does not answer, or is no Odoo database: the comparison says that it could not be read
        }
    }

    /// <summary>What runs is what its file says; where nothing runs here, what would be written.</summary>
    private ImmutableSortedDictionary<string, string> Settings(FleetMember member)
    {
        var folder = new GenerationFolder(layout, member.Pool.Name, member.Release.Digest);
        var written =
            AtomicFile.Read(folder.Configuration)
            ?? OdooConfiguration.Text(
                GenerationSettings.Of(GenerationPlaces.OfNobody, member.Pool.Workers, member.Pool.Options)
            );
        return written
            .Split('\n')
            .Select(line => line.Split(" = ", 2))
            .Where(pair => pair.Length == 2)
            .ToImmutableSortedDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }

    /// <summary>The bridge's folder comes last on the addons path, and is named by its version.</summary>
    private string? Bridge(ImmutableSortedDictionary<string, string> settings) =>
        settings.GetValueOrDefault(AddonsPath)?.Split(',')[^1] is { } folder
        && folder.StartsWith(layout.Bridge, StringComparison.Ordinal)
            ? Path.GetFileName(folder)
            : null;

    private static async Task<ImmutableSortedDictionary<string, string>> ModulesAsync(
        PostgresSession session,
        BundleManifest? bundle,
        CancellationToken cancellationToken
    )
    {
        // The column latest_version holds the installed version; the name is Odoo's.
        var installed = await session.QueryAsync(
            "select name, coalesce(latest_version, '') from ir_module_module where state = 'installed'",
            [],
            row => (Name: row.GetString(0), Version: row.GetString(1)),
            cancellationToken
        );
        return installed.ToImmutableSortedDictionary(
            module => module.Name,
            module =>
                bundle is null ? module.Version : ModuleState.Of(module.Version, bundle.Find(module.Name)?.Version),
            StringComparer.Ordinal
        );
    }

    private static async Task<DatabaseParity> DatabaseAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    )
    {
        var database = await session.QueryAsync(
            """
            select split_part(current_setting('server_version'), ' ', 1), pg_encoding_to_char(encoding), datcollate,
                   datctype, current_setting('TimeZone')
              from pg_database where datname = current_database()
            """,
            [],
            row => (row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)),
            cancellationToken
        );
        var extensions = await session.QueryAsync(
            "select extname, extversion from pg_extension",
            [],
            row => KeyValuePair.Create(row.GetString(0), row.GetString(1)),
            cancellationToken
        );
        var languages = await session.QueryAsync(
            "select code from res_lang where active order by code",
            [],
            row => row.GetString(0),
            cancellationToken
        );
        var (version, encoding, collation, characterType, timeZone) = database[0];
        return new(
            version,
            extensions.ToImmutableSortedDictionary(StringComparer.Ordinal),
            encoding,
            collation,
            characterType,
            timeZone,
            languages,
            await DataAsOfAsync(session, cancellationToken)
        );
    }

    /// <summary>What is there and is no instant is as good as none.</summary>
    private static async Task<DateTimeOffset?> DataAsOfAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    )
    {
        var written = await session.ScalarAsync<string>(
            "select value from ir_config_parameter where key = $1",
            [DataAsOfParameter],
            cancellationToken
        );
        return DateTimeOffset.TryParse(
            written,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : null;
    }
}
