using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Ingress;

namespace Tidegate.OdooTests.Cutover;

/// <summary>
/// All that a control plane can change on a site, as lines to compare: cluster, the site's and the control plane's
/// tables, every row of the shop, processes, routes and holds, files.
/// </summary>
internal static class SiteState
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Scheduled jobs change these by themselves, at any moment.
    private const string Restless = "^(ir_cron|bus_|mail_presence|res_device|res_users_log)";

    // Every living server writes these, whatever it does or leaves alone.
    private const string Watching =
        "^(site|site_request|tenant_observation|observed_modules|drift|drift_check|blocker_look|ledger_seal|ledger_checkpoint|ledger_witness|capability|archive_state|site_measurement)$";

    private const string Cluster = """
        select format('database %s %s owner %s connect %s template %s %s', oid, datname, datdba::regrole, datallowconn, datistemplate, datacl)
          from pg_database
        union all
        select format('role %s login %s', rolname, rolcanlogin) from pg_roles
        union all
        select format('member %s in %s', member::regrole, roleid::regrole) from pg_auth_members
        union all
        select format('setting %s %s %s', setdatabase, setrole, setconfig) from pg_db_role_setting
        """;

    /// <param name="besides">Processes that are no part of the comparison.</param>
    public static async Task<ImmutableArray<string>> ReadAsync(WholeSite site, IEnumerable<string> besides)
    {
        var lines = new List<string>();
        lines.AddRange(await LinesAsync(site, "postgres", Cluster));
        lines.AddRange(await RowsAsync(site, "postgres", "n.nspname = 'tidegate'"));
        lines.AddRange(
            await RowsAsync(site, DatabaseNames.ControlDatabase, $"n.nspname = 'public' and c.relname !~ '{Watching}'")
        );
        lines.AddRange(
            await RowsAsync(site, WholeSite.Database, $"n.nspname = 'public' and c.relname !~ '{Restless}'")
        );
        var others = besides.ToHashSet(StringComparer.Ordinal);
        lines.AddRange(
            site.Site.Status()
                .Processes.Where(process => !others.Contains(process.Name) && !IsProbe(process.Name))
                .Select(process => $"process {process.Name} {process.Pid}")
        );
        lines.AddRange(await RoutesAsync(site));
        lines.AddRange(Files(site));
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>What is different, line by line; empty when nothing is.</summary>
    public static IEnumerable<string> Changes(ImmutableArray<string> before, ImmutableArray<string> after) =>
        before
            .Except(after, StringComparer.Ordinal)
            .Select(line => $"- {line}")
            .Concat(after.Except(before, StringComparer.Ordinal).Select(line => $"+ {line}"));

    /// <summary>A line a table: how many rows it has, and a digest of them all.</summary>
    private static async Task<IEnumerable<string>> RowsAsync(WholeSite site, string database, string which)
    {
        var tables = await LinesAsync(
            site,
            database,
            $"""
            select format('select ''%s rows '' || count(*) || '' '' || coalesce(md5(string_agg(r::text, E''\n'' order by r::text)), '''') from %I.%I r',
                          c.oid::regclass, n.nspname, c.relname)
              from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and {which}
            """
        );
        return (
            await LinesAsync(site, database, string.Join(" union all ", tables.Select(table => $"({table})")))
        ).Select(line => $"{database}: {line}");
    }

    private static async Task<IEnumerable<string>> LinesAsync(WholeSite site, string database, string sql)
    {
        await using var session = await site.OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, session);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var lines = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }

    private static async Task<IEnumerable<string>> RoutesAsync(WholeSite site)
    {
        using var gateway = new GatewayClient(site.Layout.GatewaySocket);
        return (await gateway.ListAsync(Token)).Select(status =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"route {status.Tenant} {status.State} hold {status.Hold} epoch {status.Route.Epoch} to {status.Route.Database} on {status.Route.Generation} {status.Route.HttpPort} {status.Route.EventedPort}"
            )
        );
    }

    /// <summary>Names of files, and a digest of those that we write.</summary>
    private static IEnumerable<string> Files(WholeSite site)
    {
        var layout = site.Layout;
        string[] ours =
        [
            layout.Run,
            layout.Evidence,
            layout.GatewayFolder,
            layout.Secrets,
            .. Directory.EnumerateDirectories(layout.Pools).Select(pool => Path.Combine(pool, "generations")),
        ];
        return ours.SelectMany(All)
            .Where(file => !IsRestless(file))
            .Select(file => $"file {file} {Digest(file)}")
            .Concat(All(layout.Checkpoints).Select(file => $"file {file}"))
            .Concat(Directory.EnumerateDirectories(layout.Checkpoints).Select(folder => $"folder {folder}"));

        static IEnumerable<string> All(string folder) =>
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories);
    }

    private static bool IsRestless(string file) =>
        file.Contains("/pycache/", StringComparison.Ordinal)
        || Path.GetFileName(file).StartsWith("replica-", StringComparison.Ordinal)
        || IsProbe(Path.GetFileName(file))
        || Path.GetExtension(file) is ".log" or ".out" or ".sock" or ".lock" or ".taken";

    /// <summary>A living server runs each new release once, whatever it does or leaves alone.</summary>
    private static bool IsProbe(string name) => name.StartsWith("sandbox-", StringComparison.Ordinal);

    private static string Digest(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
