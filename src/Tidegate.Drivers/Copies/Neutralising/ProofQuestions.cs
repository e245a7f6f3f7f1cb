using System.Collections.Immutable;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>What a neutral copy has none of.</summary>
internal static class ProofQuestions
{
    public static readonly ImmutableArray<ProofQuestion> All =
    [
        new(
            "ir_mail_server",
            "base",
            $"""
            select format('outgoing mail server "%s" is active and leads to %s', name, smtp_host)
              from ir_mail_server where active and smtp_host is distinct from '{OwnStatements.DeadHost}'
            """
        ),
        new(
            "ir_mail_server",
            "base",
            $"""
            select 'no active mail server leads nowhere, so that Odoo would take the one of its configuration'
             where not exists (select from ir_mail_server where active and smtp_host = '{OwnStatements.DeadHost}')
            """
        ),
        new(
            "ir_cron",
            "base",
            $"""
            select format('cron "%s" is active', cron_name) from ir_cron
             where active and id not in ({OwnStatements.Autovacuum}) order by id
            """
        ),
        Rows("ir_cron_trigger", null, "cron triggers are waiting", ""),
        State("mail_mail", "mail", "mails are queued", "'outgoing', 'exception'"),
        State("sms_sms", "sms", "text messages are queued", "'outgoing', 'process', 'pending', 'error'"),
        State("whatsapp_message", "whatsapp", "WhatsApp messages are queued", "'outgoing', 'error'"),
        State("snailmail_letter", "snailmail", "letters are queued", "'pending', 'error'"),
        State("mailing_mailing", "mass_mailing", "mailings are queued", "'in_queue', 'sending'"),
        State("marketing_campaign", "marketing_automation", "campaigns run", "'running'"),
        State(
            "queue_job",
            "queue_job",
            "queue jobs are not ended",
            "'pending', 'enqueued', 'started', 'wait_dependencies'"
        ),
        Rows("mail_scheduled_message", null, "messages are scheduled", ""),
        Rows("mail_message_schedule", null, "notifications are postponed", ""),
        Rows("mail_push", null, "push messages are waiting", ""),
        Rows("mail_push_device", null, "push devices are known", ""),
        Rows("mail_notification_web_push", null, "push messages are waiting", ""),
        Rows("mail_partner_device", null, "push devices are known", ""),
        Rows("res_users_apikeys", "base", "API keys are valid", ""),
        Named("fetchmail_server", "mail", "incoming mail server \"%s\" is active", "name", "active", 15),
        Named("fetchmail_server", "fetchmail", "incoming mail server \"%s\" is active", "name", "active", 0, 14),
        Named(
            "payment_provider",
            "payment",
            "payment provider %s is live",
            "code",
            "state not in ('disabled', 'test')",
            16
        ),
        Named(
            "payment_acquirer",
            "payment",
            "payment provider %s is live",
            "provider",
            "state not in ('disabled', 'test')",
            0,
            15
        ),
        Rows("payment_token", "payment", "stored cards are active", "where active"),
        Named(
            "ir_act_server",
            "base",
            "webhook %s is live",
            "id",
            $"state = 'webhook' and coalesce(webhook_url, '') not in ('', '{OwnStatements.DeadWebhook}')",
            17
        ),
        Rows(
            "base_automation",
            "base_automation",
            "incoming webhooks are live",
            "where active and trigger = 'on_webhook'"
        ),
        Named("auth_oauth_provider", "auth_oauth", "sign-in provider %s is enabled", "id", "enabled"),
        Rows("iap_account", "iap", "accounts of paid services are open", "where account_token not like '%+disabled'"),
        Rows(
            "delivery_carrier",
            "delivery",
            "carriers are live",
            "where prod_environment or (active and delivery_type not in ('fixed', 'base_on_rule'))"
        ),
        Rows("website", "website", "websites have a domain", "where domain is not null and domain <> ''"),
        new(
            "ir_config_parameter",
            "base",
            """
            select 'parameter database.is_neutralized is not set'
             where not exists (select from ir_config_parameter
                                where key = 'database.is_neutralized' and lower(value) in ('true', 't', '1'))
            """
        ),
        Outside(
            "pg_foreign_server",
            "select format('foreign server %s leads to another database', srvname) from pg_foreign_server"
        ),
        Outside(
            "pg_subscription",
            """
            select format('subscription %s is enabled', subname) from pg_subscription
             where subenabled and subdbid = (select oid from pg_database where datname = current_database())
            """
        ),
    ];

    private static ProofQuestion State(string table, string? module, string what, string states) =>
        Rows(table, module, what, $"where state in ({states})");

    private static ProofQuestion Rows(string table, string? module, string what, string which) =>
        new(table, module, $"select format('%s {what}', count(*)) from {table} {which} having count(*) > 0");

    private static ProofQuestion Named(
        string table,
        string? module,
        string what,
        string name,
        string which,
        int since = 0,
        int until = int.MaxValue
    ) =>
        new(table, module, $"select format('{what}', {name}) from {table} where {which} order by id")
        {
            Since = since,
            Until = until,
        };

    private static ProofQuestion Outside(string catalogue, string sql) => new($"pg_catalog.{catalogue}", "base", sql);
}
