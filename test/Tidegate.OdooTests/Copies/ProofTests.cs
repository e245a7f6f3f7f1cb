using Tidegate.Drivers.Copies.Neutralising;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Copies;

/// <summary>One thing is planted in a neutral copy of a real Odoo 19 shop: the proof finds that one.</summary>
[Collection(nameof(OdooShop))]
public sealed class ProofTests(ProofTests.NeutralCopy neutral) : IClassFixture<ProofTests.NeutralCopy>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("UPDATE ir_mail_server SET active = true WHERE name = 'Real'", "no reason")]
    [InlineData(
        "UPDATE ir_mail_server SET active = true, smtp_host = 'localhost' WHERE name = 'Real'",
        "\"Real\" is active"
    )]
    [InlineData("UPDATE ir_mail_server SET active = false", "no active mail server leads nowhere")]
    [InlineData(
        "UPDATE mail_mail SET state = 'outgoing' WHERE id = (SELECT min(id) FROM mail_mail)",
        "1 mails are queued"
    )]
    [InlineData(
        "UPDATE mail_mail SET state = 'exception' WHERE id = (SELECT min(id) FROM mail_mail)",
        "1 mails are queued"
    )]
    [InlineData("UPDATE ir_cron SET active = true WHERE cron_name = 'Push parcels'", "cron \"Push parcels\" is active")]
    [InlineData("INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT min(id), now() FROM ir_cron", "1 cron triggers")]
    [InlineData("UPDATE queue_job SET state = 'pending' WHERE uuid = '5'", "1 queue jobs")]
    [InlineData("UPDATE queue_job SET state = 'enqueued' WHERE uuid = '5'", "1 queue jobs")]
    [InlineData("UPDATE queue_job SET state = 'started' WHERE uuid = '5'", "1 queue jobs")]
    [InlineData("UPDATE queue_job SET state = 'wait_dependencies' WHERE uuid = '5'", "1 queue jobs")]
    [InlineData("UPDATE ir_act_server SET webhook_url = 'http://127.0.0.1:1/' WHERE state = 'webhook'", "webhook")]
    [InlineData("UPDATE base_automation SET active = true WHERE trigger = 'on_webhook'", "1 incoming webhooks")]
    [InlineData(
        "UPDATE payment_provider SET state = 'enabled' WHERE id = (SELECT min(id) FROM payment_provider)",
        "payment provider"
    )]
    [InlineData("UPDATE fetchmail_server SET active = true", "incoming mail server \"Orders\" is active")]
    [InlineData("UPDATE fetchmail_server SET password = 'x-secret'", "fetchmail_server.password")]
    [InlineData("UPDATE sms_sms SET state = 'outgoing'", "1 text messages")]
    [InlineData(
        "INSERT INTO mail_push_device (partner_id, endpoint, keys) SELECT min(id), 'https://push.example/2', '{}' FROM res_partner",
        "1 push devices"
    )]
    [InlineData(
        "UPDATE auth_oauth_provider SET enabled = true WHERE id = (SELECT min(id) FROM auth_oauth_provider)",
        "sign-in provider"
    )]
    [InlineData(
        "INSERT INTO res_users_apikeys (name, user_id, key, index) VALUES ('robot', 2, 'hash', '12345678')",
        "1 API keys"
    )]
    [InlineData("UPDATE iap_account SET account_token = 'live'", "accounts of paid services are open")]
    [InlineData(
        "UPDATE carrier_ftp SET ftp_password = 'live' WHERE name = 'Parcels'",
        "1 rows of carrier_ftp.ftp_password (module carrier_ftp)"
    )]
    [InlineData("UPDATE res_users SET totp_secret = 'live' WHERE id = 2", "res_users.totp_secret")]
    [InlineData(
        "CREATE TABLE edi_host (id int, private_key text); ALTER TABLE edi_host OWNER TO own_template; INSERT INTO edi_host VALUES (1, 'live')",
        "edi_host.private_key (no module)"
    )]
    [InlineData(
        "INSERT INTO ir_config_parameter (key, value) VALUES ('carrier.token', 'a-live-one')",
        "parameter carrier.token"
    )]
    [InlineData(
        "DELETE FROM ir_config_parameter WHERE key = 'database.is_neutralized'",
        "database.is_neutralized is not set"
    )]
    [InlineData(
        "UPDATE ir_config_parameter SET value = 'False' WHERE key = 'database.is_neutralized'",
        "database.is_neutralized is not set"
    )]
    [InlineData("DELETE FROM ir_config_parameter WHERE key = 'database.uuid'", "no database.uuid")]
    [InlineData("DELETE FROM ir_config_parameter WHERE key = 'web.base.url'", "web.base.url")]
    [InlineData(
        "ALTER TABLE mail_mail RENAME TO mail_mail_2",
        "module mail is installed and its table mail_mail is not there"
    )]
    [InlineData("ALTER TABLE mail_mail RENAME state TO state_2", "table mail_mail cannot be asked")]
    [InlineData("ALTER TABLE ir_config_parameter RENAME TO p", "what it is known by cannot be asked")]
    [InlineData("ALTER TABLE ir_module_module RENAME TO m", "which modules are installed cannot be asked")]
    [InlineData(
        "REVOKE ALL ON mail_mail FROM own_template; ALTER TABLE mail_mail OWNER TO postgres",
        "table mail_mail cannot be asked"
    )]
    public async Task What_is_planted_is_found(string planting, string reason)
    {
        await using var session = await neutral.Copy.OpenAsync(Token);
        await session.ExecuteAsync("begin", Token);
        await session.ExecuteAsync("reset role", Token);
        foreach (var statement in planting.Split("; "))
        {
            await session.ExecuteAsync(statement, Token);
        }

        await session.ExecuteAsync("set local role own_template", Token);
        var reasons = await NeutralisationProof.AskAsync(session, neutral.Addons, neutral.Source, Token);

        await session.ExecuteAsync("rollback", Token);
        if (reason is "no reason")
        {
            Assert.Empty(reasons);
        }
        else
        {
            Assert.Contains(reasons, found => found.Contains(reason, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("database.uuid")]
    [InlineData("database.secret")]
    [InlineData("web.base.url")]
    public async Task What_its_source_is_known_by_is_found(string key)
    {
        await using var session = await neutral.Copy.OpenAsync(Token);
        var copy = await Tidegate.Drivers.Copies.CopyIdentity.ReadAsync(session, Token);
        var source = key switch
        {
            "database.uuid" => neutral.Source with { Uuid = copy!.Uuid },
            "database.secret" => neutral.Source with { SecretHash = copy!.SecretHash },
            _ => neutral.Source with { BaseUrl = copy!.BaseUrl },
        };

        var reasons = await NeutralisationProof.AskAsync(neutral.Copy, neutral.Addons, source, Token);

        Assert.Contains($"its {key} is its source's", Assert.Single(reasons), StringComparison.Ordinal);
    }

    /// <summary>The copy that all of these plant in, each in a transaction that is rolled back.</summary>
    public sealed class NeutralCopy(OdooShop shop) : IAsyncLifetime
    {
        private readonly PlantedShop _planted = new(shop);

        internal Tidegate.Drivers.Copies.CopyDatabase Copy { get; private set; } = null!;

        internal Tidegate.Drivers.Copies.CopyIdentity Source { get; private set; } = null!;

        internal ReleaseAddons Addons => _planted.Addons;

        public async ValueTask InitializeAsync()
        {
            await _planted.InitializeAsync();
            Copy = await _planted.NeutralAsync("neutral");
            Source = await _planted.IdentityAsync();
        }

        public ValueTask DisposeAsync() => _planted.DisposeAsync();
    }
}
