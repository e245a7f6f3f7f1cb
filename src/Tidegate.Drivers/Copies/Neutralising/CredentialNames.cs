using System.Collections.Immutable;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>What a column or a system parameter that holds a credential is called, and the ones of Odoo's own that are known.</summary>
internal static class CredentialNames
{
    /// <summary>A POSIX pattern, for <c>~*</c>.</summary>
    public const string Pattern =
        "(passw|passphrase|(^|[_.])pass$|(^|[_.])pwd|secret|token|api_?key|credential|webhook|bearer|oauth|hmac"
        + "|certificate|pkcs12|ftp|(access|private|signature|shared|encryption|secret|license|auth|hash|client)_?key"
        + "|_key$|client_id|merchant)";

    /// <summary>System parameters that <see cref="Pattern"/> names and that are ours to set.</summary>
    public static readonly ImmutableArray<string> OwnParameters = ["database.secret"];

    /// <summary>They open something inside the copy only, or nothing at all.</summary>
    public static readonly ImmutableHashSet<string> Harmless =
    [
        "res_users.password",
        "res_users_settings.push_to_talk_key",
        "ir_attachment.access_token",
        "mail_guest.access_token",
        "account_journal.access_token",
        "pos_config.access_token",
        "pos_session.access_token",
        "pos_order.access_token",
        "calendar_event.access_token",
        "calendar_attendee.access_token",
        "rating_rating.access_token",
        "survey_survey.access_token",
        "survey_user_input.access_token",
        "slide_channel.access_token",
        "website_visitor.access_token",
        "documents_document.access_token",
        "spreadsheet_dashboard_share.access_token",
        "ir_act_server.webhook_url",
        "iap_account.account_token",
        "base_automation.webhook_uuid",
        "auth_oauth_provider.client_id",
    ];

    /// <summary>Emptied on every copy, whatever their modules' scripts do.</summary>
    public static readonly ImmutableHashSet<string> Emptied =
    [
        "ir_mail_server.smtp_ssl_certificate",
        "ir_mail_server.smtp_ssl_private_key",
        "ir_mail_server.google_gmail_authorization_code",
        "ir_mail_server.google_gmail_access_token",
        "ir_mail_server.google_gmail_refresh_token",
        "ir_mail_server.microsoft_outlook_access_token",
        "ir_mail_server.microsoft_outlook_refresh_token",
        "fetchmail_server.password",
        "fetchmail_server.google_gmail_authorization_code",
        "fetchmail_server.google_gmail_access_token",
        "fetchmail_server.google_gmail_refresh_token",
        "fetchmail_server.microsoft_outlook_access_token",
        "fetchmail_server.microsoft_outlook_refresh_token",
        "res_users.totp_secret",
        "res_users.oauth_access_token",
        "res_users.google_calendar_token",
        "res_users.google_calendar_rtoken",
        "res_users.microsoft_calendar_token",
        "res_users.microsoft_calendar_rtoken",
        "res_users_settings.google_calendar_token",
        "res_users_settings.google_calendar_rtoken",
        "res_users_settings.microsoft_calendar_token",
        "res_users_settings.microsoft_calendar_rtoken",
        "res_partner.signup_token",
        "mail_ice_server.credential",
        "res_company_ldap.ldap_password",
    ];
}
