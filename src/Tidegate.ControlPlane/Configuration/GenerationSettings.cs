using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Configuration;

/// <summary>A line of odoo.conf.</summary>
public readonly record struct OdooSetting(string Name, string Value);

/// <summary>Where a generation finds things.</summary>
/// <param name="AddonsPath">Folders, separated by commas.</param>
/// <param name="DataFolder">Odoo's <c>data_dir</c>.</param>
/// <param name="PostgresSocket">The folder of PostgreSQL's socket.</param>
/// <param name="Role">Its login role.</param>
public sealed record GenerationPlaces(
    string AddonsPath,
    string DataFolder,
    string PostgresSocket,
    int PostgresPort,
    string Role
)
{
    /// <summary>For a generation that is only thought of: everything else of it is judged as it will be.</summary>
    public static readonly GenerationPlaces OfNobody = new("(addons)", "(data)", "(socket)", 5432, "(role)");

    /// <summary>Keys that say where a generation finds things, and not how it behaves.</summary>
    public static readonly ImmutableHashSet<string> Names =
    [
        "addons_path",
        "data_dir",
        "db_host",
        "db_port",
        "db_user",
        "db_password",
    ];
}

/// <summary>The options of a generation: what is written into its odoo.conf, and what the configuration gate judges. One list for both.</summary>
public static class GenerationSettings
{
    /// <param name="workers">Web workers.</param>
    /// <param name="options">What the pool's entry in git sets otherwise than <see cref="PoolOptions.Defaults"/>; null is nothing.</param>
    public static ImmutableArray<OdooSetting> Of(GenerationPlaces places, int workers, PoolOptions? options)
    {
        var (said, otherwise) = (options ?? new PoolOptions(), PoolOptions.Defaults);
        var connections = said.DbMaxconn ?? otherwise.DbMaxconn;
        return
        [
            new("addons_path", places.AddonsPath),
            new("admin_passwd", ""), // none: the database manager cannot be used at all
            new("data_dir", places.DataFolder),
            new("db_host", places.PostgresSocket),
            Number("db_port", places.PostgresPort),
            new("db_user", places.Role),
            new("db_password", "False"),
            .. Optional("db_maxconn", connections),
            .. Optional("db_maxconn_gevent", connections),
            new("dbfilter", "^$"), // matches nothing: were the bridge not loaded, no database would be served
            new("http_interface", "127.0.0.1"),
            new("list_db", "False"),
            Number("max_cron_threads", 0),
            new("proxy_mode", "True"),
            new("server_wide_modules", "base,rpc,web,tidegate_bridge"),
            .. Optional("limit_memory_hard", said.LimitMemoryHard ?? otherwise.LimitMemoryHard),
            .. Optional("limit_memory_soft", said.LimitMemorySoft ?? otherwise.LimitMemorySoft),
            .. Optional("limit_request", said.LimitRequest ?? otherwise.LimitRequest),
            .. Optional("limit_time_cpu", said.LimitTimeCpu ?? otherwise.LimitTimeCpu),
            .. Optional("limit_time_real", said.LimitTimeReal ?? otherwise.LimitTimeReal),
            Number("limit_time_real_cron", 0), // a job runs as long as it needs; a cutover waits for it, nothing cuts it
            Number("workers", workers),
        ];
    }

    /// <summary>What is null is left to Odoo.</summary>
    private static IEnumerable<OdooSetting> Optional(string name, long? value) =>
        value is { } given ? [Number(name, given)] : [];

    private static OdooSetting Number(string name, long value) =>
        new(name, value.ToString(CultureInfo.InvariantCulture));
}
