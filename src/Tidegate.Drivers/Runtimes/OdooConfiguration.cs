using System.Globalization;
using System.Text;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>The odoo.conf of a generation. No password of a database is in it: PostgreSQL knows the OS user.</summary>
internal static class OdooConfiguration
{
    // One web worker serves one request at a time, so it needs a connection per database it still remembers and one
    // for the bus; more would only fill the cluster's max_connections.
    private const int ConnectionsPerProcess = 16;

    /// <param name="role">The login role: a generation's or the pool's migrator's.</param>
    public static string Of(SiteLayout layout, WantedGeneration wanted, string role, IEnumerable<string> addonsPaths)
    {
        (string Key, object Value)[] settings =
        [
            ("addons_path", string.Join(',', addonsPaths)),
            ("admin_passwd", ""), // none: the database manager cannot be used at all
            ("data_dir", layout.PoolData(wanted.Pool)),
            ("db_host", layout.PostgresSocket),
            ("db_port", SiteLayout.PostgresPort),
            ("db_user", role),
            ("db_password", false),
            ("db_maxconn", ConnectionsPerProcess),
            ("db_maxconn_gevent", ConnectionsPerProcess),
            ("dbfilter", "^$"), // matches nothing: were the bridge not loaded, no database would be served
            ("http_interface", "127.0.0.1"),
            ("list_db", false),
            ("max_cron_threads", 0),
            ("proxy_mode", true),
            ("server_wide_modules", "base,rpc,web,tidegate_bridge"),
            ("limit_time_cpu", 120),
            ("limit_time_real", 240),
            ("limit_time_real_cron", 0), // a job runs as long as it needs; a cutover waits for it, nothing cuts it
            ("workers", wanted.Workers),
        ];
        var text = new StringBuilder("[options]\n");
        foreach (var (key, value) in settings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{key} = {value}\n");
        }

        return text.ToString();
    }
}
