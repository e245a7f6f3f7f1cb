using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>Odoo 19 as it is known: read in the source of 19.0.0+dfsg-1 and seen when run. A deviation is a finding.</summary>
internal static class Series19
{
    private const string Generation = "Generations are started with it.";
    private const string Migration = "Migrations are run with it.";
    private const string Rotation = "Without it sessions are lost at log-in, or the vacuum job fails.";

    public static SeriesExpectation Expectation { get; } =
        new(
            "19.0",
            Options:
            [
                .. Each(
                    Generation,
                    "addons_path, admin_passwd, data_dir, db_host, db_port, db_user, db_password, db_maxconn, db_maxconn_gevent, dbfilter, http_interface, list_db, max_cron_threads, proxy_mode, server_wide_modules, limit_time_cpu, limit_time_real, limit_time_real_cron, workers"
                ),
                .. Each(
                    Generation,
                    "--config, --http-port, --gevent-port, --no-http, --workers, --max-cron-threads, --limit-time-real-cron, --limit-time-cpu, --limit-memory-soft, --limit-memory-hard"
                ),
                .. Each(Migration, "--database, --init, --update, --stop-after-init, --log-handler"),
                .. Each("Migrations name it in what they log in as.", "db_app_name"),
            ],
            Removed:
            [
                .. Each(
                    "Odoo 18 removed it: this is an older series, or was changed.",
                    "--longpolling-port, --xmlrpc-port, --osv-memory-age-limit, --i18n-export"
                ),
            ],
            Commands:
            [
                new("server", Generation),
                new("shell", "Traceless checks run in it."),
                new("neutralize", "Copies are made harmless with it."),
                .. Each("Databases are moved with it.", "db dump, db load, db duplicate, db drop"),
                .. Each("Modules are moved with it.", "module install, module upgrade, module uninstall"),
            ],
            Defaults:
            [
                new(
                    "server_wide_modules",
                    "base,rpc,web",
                    "Without rpc every RPC route is gone; one more is loaded into every process."
                ),
            ],
            Routes:
            [
                new("GET /web/health", 200, "A generation counts as started when it answers."),
                new("GET /web/health (evented)", 200, "An evented process counts as started when it answers."),
                new("GET /web/health (tenant)", 200, "The edge may ask it with a shop's host name."),
                new("GET /websocket/health (evented)", 200, "A tenant counts as warm when it answers."),
                new("POST /json/2/res.users/context_get", 401, "Journeys and integrations call it, with a key."),
                new("GET /web/login", 200, "Tenants are warmed with it, and judged by it."),
            ],
            SessionMethods:
            [
                .. Each(
                    Rotation,
                    "get_missing_session_identifiers, rotate, delete_old_sessions, delete_from_identifiers"
                ),
            ],
            SessionStore: "odoo.http.FilesystemSessionStore",
            SessionFormat: "json",
            LockTimeout: "15s",
            FinishesPartialUpdates: true,
            OldestPython: new Version(3, 10)
        );

    private static ImmutableArray<Expected> Each(string why, string names) =>
        [.. names.Split(", ").Select(name => new Expected(name, why))];
}
