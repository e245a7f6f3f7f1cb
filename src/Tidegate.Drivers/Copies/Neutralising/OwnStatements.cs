using System.Collections.Immutable;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>What we do after a release's own scripts, in this order. Tables and columns as Odoo 14 and 19 have them.</summary>
internal static class OwnStatements
{
    /// <summary>The only host that an active mail server of a copy may have. The top-level name is reserved and leads nowhere.</summary>
    public const string DeadHost = "invalid";

    public const string DeadWebhook = "neutralization - disable webhook";

    /// <summary>Crons of a copy that may be active: Odoo's own cleaning.</summary>
    public const string Autovacuum =
        "select res_id from ir_model_data where model = 'ir.cron' and module = 'base' and name = 'autovacuum_job'";

    private const string Dummy =
        "select min(id) from ir_mail_server where smtp_host = 'invalid' and from_filter is null";

    private const string Dummy14 = "select min(id) from ir_mail_server where smtp_host = 'invalid'";

    /// <summary>The statements for a series.</summary>
    public static IEnumerable<OwnStatement> For(int series) =>
        All.Concat(MailServers(series >= 16 ? Dummy : Dummy14)).Where(statement => statement.Since <= series);

    // Without an active server Odoo takes the one of its configuration file, or localhost: one that leads nowhere stays.
    private static IEnumerable<OwnStatement> MailServers(string dummy) =>
        [
            new(
                "mail servers added that lead nowhere",
                "ir_mail_server",
                ["name", "smtp_host", "smtp_port", "smtp_encryption", "active"],
                $"""
                insert into ir_mail_server (name, smtp_host, smtp_port, smtp_encryption, active)
                select 'neutralization - disable emails', 'invalid', 1025, 'none', true where ({dummy}) is null
                """
            ),
            new(
                "outgoing mail servers switched off",
                "ir_mail_server",
                ["smtp_user", "smtp_pass"],
                $"""
                update ir_mail_server set active = false, smtp_host = 'invalid', smtp_user = null, smtp_pass = null
                 where id <> ({dummy}) and (active or smtp_host is distinct from 'invalid' or smtp_user is not null or smtp_pass is not null)
                """
            ),
            new(
                "mail servers that lead nowhere switched on",
                "ir_mail_server",
                [],
                $"update ir_mail_server set active = true where id = ({dummy}) and not active"
            ),
        ];

    private static readonly ImmutableArray<OwnStatement> All =
    [
        State("queued mails cancelled", "mail_mail", "cancel", "'outgoing', 'exception'"),
        State("queued text messages cancelled", "sms_sms", "canceled", "'outgoing', 'process', 'pending', 'error'"),
        State("queued WhatsApp messages cancelled", "whatsapp_message", "cancel", "'outgoing', 'error'"),
        State("queued letters cancelled", "snailmail_letter", "canceled", "'pending', 'error'"),
        State("mailings put back", "mailing_mailing", "draft", "'in_queue', 'sending'"),
        State("campaigns stopped", "marketing_campaign", "stopped", "'running'"),
        State("digests switched off", "digest_digest", "deactivated", "'activated'"),
        State(
            "queue jobs cancelled",
            "queue_job",
            "cancelled",
            "'pending', 'enqueued', 'started', 'wait_dependencies'"
        ),
        new(
            "notifications cancelled",
            "mail_notification",
            ["notification_status"],
            "update mail_notification set notification_status = 'canceled' where notification_status in ('ready', 'process', 'pending')"
        ),
        Delete("scheduled messages removed", "mail_scheduled_message"),
        Delete("postponed notifications removed", "mail_message_schedule"),
        Delete("push messages removed", "mail_push"),
        Delete("push devices removed", "mail_push_device"),
        Delete("push messages removed", "mail_notification_web_push"),
        Delete("push devices removed", "mail_partner_device"),
        Delete("cron triggers removed", "ir_cron_trigger"),
        Delete("bus messages removed", "bus_bus"),
        Delete("API keys removed", "res_users_apikeys"),
        Delete("trusted devices removed", "auth_totp_device"),
        Delete("passkeys removed", "auth_passkey_key"),
        Off("crons switched off", "ir_cron", $"id not in ({Autovacuum})"),
        Off("incoming mail servers switched off", "fetchmail_server", "true"),
        Off("stored cards switched off", "payment_token", "true"),
        Off("incoming webhooks switched off", "base_automation", "trigger = 'on_webhook'"),
        new(
            "addresses of incoming webhooks renewed",
            "base_automation",
            ["webhook_uuid"],
            "update base_automation set webhook_uuid = gen_random_uuid()::text where webhook_uuid is not null"
        )
        {
            Since = 17,
        },
        new(
            "webhooks disabled",
            "ir_act_server",
            ["state", "webhook_url"],
            $"update ir_act_server set webhook_url = '{DeadWebhook}' where state = 'webhook' and webhook_url is distinct from '{DeadWebhook}'"
        )
        {
            Since = 17,
        },
        State("payment providers disabled", "payment_provider", "disabled", "'enabled'"),
        State("payment providers disabled", "payment_acquirer", "disabled", "'enabled'"),
        new(
            "sign-in providers disabled",
            "auth_oauth_provider",
            ["enabled"],
            "update auth_oauth_provider set enabled = false where enabled"
        ),
        // Odoo's own script leaves the token readable before the word.
        new(
            "accounts of paid services closed",
            "iap_account",
            ["account_token"],
            "update iap_account set account_token = 'neutralised+disabled' where account_token is distinct from 'neutralised+disabled'"
        ),
        new(
            "carriers put to test",
            "delivery_carrier",
            ["prod_environment", "delivery_type", "active"],
            """
            update delivery_carrier
               set prod_environment = false, active = active and delivery_type in ('fixed', 'base_on_rule')
             where prod_environment or (active and delivery_type not in ('fixed', 'base_on_rule'))
            """
        ),
        new(
            "website domains removed",
            "website",
            ["domain"],
            "update website set domain = null where domain is not null"
        ),
    ];

    private static OwnStatement State(string what, string table, string to, string from) =>
        new(what, table, ["state"], $"update {table} set state = '{to}' where state in ({from})");

    private static OwnStatement Off(string what, string table, string which) =>
        new(what, table, ["active"], $"update {table} set active = false where active and {which}");

    private static OwnStatement Delete(string what, string table) => new(what, table, [], $"delete from {table}");
}
