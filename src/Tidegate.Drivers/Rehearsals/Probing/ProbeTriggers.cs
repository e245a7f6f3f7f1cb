using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Rehearsals.Probing;

/// <summary>
/// Event triggers that say each statement that defines or changes a structure into the server's log. Not into a table:
/// the log survives the rollback of what failed, and failures are what Odoo keeps to itself.
/// </summary>
/// <remarks>
/// A statement that began and never ended has failed: PostgreSQL fires no trigger at its end then. TRUNCATE and LOCK
/// TABLE fire none at all; the sampler and the comparison of files find those.
/// </remarks>
internal static class ProbeTriggers
{
    /// <summary>What each of our lines in the log begins with.</summary>
    public const string Mark = "tidegate-ddl";

    private const string Schema = "tidegate_rehearsal";

    /// <param name="session">On the copy, as the superuser: only one may have event triggers.</param>
    public static Task InstallAsync(PostgresSession session, CancellationToken cancellationToken) =>
        session.ExecuteAllAsync([.. Removal, $"CREATE SCHEMA {Schema}", .. Functions, .. Triggers], cancellationToken);

    /// <summary>Nothing there is no error.</summary>
    public static Task RemoveAsync(PostgresSession session, CancellationToken cancellationToken) =>
        session.ExecuteAllAsync(Removal, cancellationToken);

    private static readonly (string Trigger, string Event)[] All =
    [
        ("begin", "ddl_command_start"),
        ("finish", "ddl_command_end"),
        ("drop", "sql_drop"),
        ("rewrite", "table_rewrite"),
    ];

    private static IEnumerable<string> Removal =>
        [
            .. All.Select(pair => $"DROP EVENT TRIGGER IF EXISTS {Schema}_{pair.Trigger}"),
            $"DROP SCHEMA IF EXISTS {Schema} CASCADE",
        ];

    private static IEnumerable<string> Triggers =>
        All.SelectMany(pair =>
            new[]
            {
                $"CREATE EVENT TRIGGER {Schema}_{pair.Trigger} ON {pair.Event} EXECUTE FUNCTION {Schema}.on_{pair.Trigger}()",
                // Also when somebody sets session_replication_role.
                $"ALTER EVENT TRIGGER {Schema}_{pair.Trigger} ENABLE ALWAYS",
            }
        );

    // jsonb puts it on one line, whatever the statement holds. The locks of the session are still held at the end.
    private static IEnumerable<string> Functions =>
        [
            Function(
                "begin",
                """
                RAISE LOG 'tidegate-ddl %', jsonb_build_object(
                    'event', 'begin', 'pid', pg_backend_pid(), 'at', clock_timestamp(), 'tag', TG_TAG,
                    'text', left(current_query(), 2000), 'timeout',
                    (SELECT setting::bigint FROM pg_settings WHERE name = 'lock_timeout'));
                """
            ),
            Function(
                "finish",
                """
                RAISE LOG 'tidegate-ddl %', jsonb_build_object(
                    'event', 'end', 'pid', pg_backend_pid(), 'at', clock_timestamp(), 'tag', TG_TAG,
                    'xid', pg_current_xact_id()::text,
                    'objects', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                            'type', c.object_type, 'identity', c.object_identity, 'table', k.relname, 'lock', l.mode)), '[]')
                       FROM pg_event_trigger_ddl_commands() c
                       LEFT JOIN pg_index x ON c.classid = 'pg_class'::regclass AND x.indexrelid = c.objid
                       LEFT JOIN pg_constraint n ON c.classid = 'pg_constraint'::regclass AND n.oid = c.objid
                       LEFT JOIN pg_class k ON k.oid = CASE WHEN c.classid = 'pg_class'::regclass
                                                            THEN coalesce(x.indrelid, c.objid) ELSE n.conrelid END
                       LEFT JOIN LATERAL (
                            SELECT h.mode FROM pg_locks h
                             WHERE h.pid = pg_backend_pid() AND h.granted AND h.locktype = 'relation' AND h.relation = k.oid
                             ORDER BY array_position(ARRAY['AccessExclusiveLock', 'ExclusiveLock',
                                    'ShareRowExclusiveLock', 'ShareLock', 'ShareUpdateExclusiveLock'], h.mode) NULLS LAST
                             LIMIT 1) l ON true));
                """
            ),
            Function(
                "drop",
                """
                RAISE LOG 'tidegate-ddl %', jsonb_build_object(
                    'event', 'drop', 'pid', pg_backend_pid(), 'at', clock_timestamp(), 'tag', TG_TAG,
                    'xid', pg_current_xact_id()::text,
                    'objects', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                            'type', object_type, 'identity', object_identity, 'original', original,
                            'temporary', is_temporary, 'names', to_jsonb(address_names))), '[]')
                       FROM pg_event_trigger_dropped_objects()
                      WHERE object_type NOT IN ('type', 'toast table', 'default value')));
                """
            ),
            Function(
                "rewrite",
                """
                RAISE LOG 'tidegate-ddl %', jsonb_build_object(
                    'event', 'rewrite', 'pid', pg_backend_pid(), 'at', clock_timestamp(), 'tag', TG_TAG,
                    'xid', pg_current_xact_id()::text,
                    'table', (SELECT relname FROM pg_class WHERE oid = pg_event_trigger_table_rewrite_oid()),
                    'reason', pg_event_trigger_table_rewrite_reason());
                """
            ),
        ];

    private static string Function(string name, string body) =>
        $"CREATE FUNCTION {Schema}.on_{name}() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $probe$ BEGIN {body} END $probe$";
}
