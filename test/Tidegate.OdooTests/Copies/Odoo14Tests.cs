using System.IO.Compression;
using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Copies.Masks;
using Tidegate.Drivers.Copies.Neutralising;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.OdooTests.Copies;

/// <summary>Odoo 14 brings no scripts: our own statements on its real schema (README.md here says where that is from).</summary>
public sealed class Odoo14Tests(Odoo14Tests.Schema schema) : IClassFixture<Odoo14Tests.Schema>
{
    internal static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_is_refused_for_its_providers_keys_and_neutral_once_they_may_be_emptied()
    {
        var copy = await schema.CopyAsync("shop");
        var source = await CopyIdentity.ReadAsync(copy, Token);
        var raw = await NeutralisationProof.AskAsync(copy, schema.Addons, source, Token);

        var refusal = await Assert.ThrowsAsync<CopyRefusedException>(() =>
            NeutralisationRun.RunAsync(copy, schema.Addons, new NeutralisationTerms(), Token)
        );
        var report = await NeutralisationRun.RunAsync(
            copy,
            schema.Addons,
            new NeutralisationTerms { Accepted = ["payment_stripe"] },
            Token
        );

        foreach (var part in Schema.Planted)
        {
            Assert.Contains(raw, reason => reason.Contains(part, StringComparison.Ordinal));
        }

        Assert.Collection(
            refusal.Reasons,
            reason => Assert.Contains("payment_acquirer.stripe_publishable_key", reason, StringComparison.Ordinal),
            reason => Assert.Contains("payment_acquirer.stripe_secret_key", reason, StringComparison.Ordinal)
        );
        Assert.Equal(source, report.Source);
        Assert.Empty(report.Scripts);
        Assert.Empty(await NeutralisationProof.AskAsync(copy, schema.Addons, source, Token));
    }

    [Theory]
    [InlineData("UPDATE payment_acquirer SET state = 'enabled' WHERE id = 1", "payment provider")]
    [InlineData("UPDATE fetchmail_server SET active = true", "incoming mail server")]
    [InlineData("UPDATE mail_mail SET state = 'outgoing'", "1 mails")]
    [InlineData("UPDATE ir_cron SET active = true WHERE id = (SELECT min(id) FROM ir_cron WHERE NOT active)", "cron")]
    [InlineData("UPDATE website SET domain = 'https://shop.example' WHERE id = 1", "websites have a domain")]
    [InlineData("UPDATE ir_mail_server SET active = false", "no active mail server leads nowhere")]
    public async Task What_is_planted_is_found(string planting, string reason)
    {
        var copy = await schema.CopyAsync($"planted_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):n}");
        var source = await CopyIdentity.ReadAsync(copy, Token);
        await NeutralisationRun.RunAsync(
            copy,
            schema.Addons,
            new NeutralisationTerms { Accepted = ["payment_stripe"] },
            Token
        );
        await schema.Cluster.ExecuteAsync(copy.Name, planting);

        var reasons = await NeutralisationProof.AskAsync(copy, schema.Addons, source, Token);

        Assert.Contains(reason, Assert.Single(reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_are_masked()
    {
        var copy = await schema.CopyAsync("masked");
        await NeutralisationRun.RunAsync(
            copy,
            schema.Addons,
            new NeutralisationTerms { Accepted = ["payment_stripe"] },
            Token
        );

        await new Masking().MaskAsync(copy, null, new MaskingTerms(), Token);

        Assert.Equal(
            "0",
            await schema.Cluster.ScalarAsync(
                copy.Name,
                "SELECT count(*) FROM res_partner p WHERE p::text LIKE '%Canary%'"
            )
        );
        Assert.Equal("admin", await schema.Cluster.ScalarAsync(copy.Name, "SELECT login FROM res_users WHERE id = 2"));
    }

    /// <summary>The schema, with things planted in it.</summary>
    public sealed class Schema : IAsyncLifetime
    {
        private const string Source = "shop14";
        private readonly string _addons = Directory.CreateTempSubdirectory("tidegate-odoo14-").FullName;

        internal static readonly string[] Planted =
        [
            "outgoing mail server \"Real\"",
            "cron \"",
            "1 mails are queued",
            "incoming mail server \"Orders\"",
            "payment provider",
            "sign-in provider",
            "websites have a domain",
            "stripe_secret_key",
        ];

        internal PostgresCluster Cluster { get; } = new();

        // Odoo 14 has no scripts, so that its modules need only be there.
        internal ReleaseAddons Addons => new("14.0", [_addons]);

        public async ValueTask InitializeAsync()
        {
            await Cluster.InitializeAsync();
            await Cluster.ExecuteAsync("postgres", "CREATE ROLE own_shop14 NOLOGIN", $"CREATE DATABASE {Source}");
            await Cluster.ExecuteAsync(
                Source,
                "ALTER SCHEMA public OWNER TO own_shop14",
                "GRANT CREATE ON DATABASE shop14 TO own_shop14"
            );
            var file = Path.Combine(_addons, "schema.sql");
            await using (
                var packed = new GZipStream(
                    File.OpenRead(Fixtures.Repository.At("test", "Tidegate.OdooTests", "Copies", "odoo14.sql.gz")),
                    CompressionMode.Decompress
                )
            )
            {
                await using var target = File.Create(file);
                await target.WriteAsync("SET ROLE own_shop14;\n"u8.ToArray());
                await packed.CopyToAsync(target, Token);
            }

            File.SetUnixFileMode(_addons, (UnixFileMode)Convert.ToInt32("755", 8));
            await PostgresTools.RunAsServerAsync(
                PostgresTools.Binary("psql"),
                [
                    "-q",
                    "-h",
                    Cluster.Site.SocketDirectory,
                    "-U",
                    "postgres",
                    "-d",
                    Source,
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-f",
                    file,
                ]
            );
            await Cluster.ExecuteAsync(Source, Planting);
            foreach (
                var module in (
                    await Cluster.ScalarAsync(
                        Source,
                        "SELECT string_agg(name, ',') FROM ir_module_module WHERE state = 'installed'"
                    )
                )!.Split(',')
            )
            {
                Directory.CreateDirectory(Path.Combine(_addons, module));
                await File.WriteAllTextAsync(Path.Combine(_addons, module, "__manifest__.py"), "{}", Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Cluster.DisposeAsync();
            Directory.Delete(_addons, recursive: true);
        }

        internal async Task<CopyDatabase> CopyAsync(string name)
        {
            await Cluster.ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {Source}");
            return new(Cluster.Site, name, "postgres");
        }

        private const string Planting = """
            INSERT INTO ir_mail_server (name, smtp_host, smtp_port, smtp_encryption, smtp_user, smtp_pass, active)
            VALUES ('Real', '127.0.0.1', 25, 'none', 'shop', 'secret', true);
            INSERT INTO fetchmail_server (name, server, server_type, port, "user", password, state, active)
            VALUES ('Orders', '127.0.0.1', 'imap', 143, 'orders', 'secret', 'done', true);
            WITH message AS (
                INSERT INTO mail_message (message_type, subject, body, date) VALUES ('email', 'Canary', '<p>Canary</p>', now()) RETURNING id)
            INSERT INTO mail_mail (mail_message_id, state, email_to, body_html) SELECT id, 'outgoing', 'canary@example.com', 'Canary' FROM message;
            UPDATE payment_acquirer SET state = 'enabled', stripe_secret_key = 'sk_live', stripe_publishable_key = 'pk_live' WHERE provider = 'stripe';
            UPDATE auth_oauth_provider SET enabled = true;
            UPDATE website SET domain = 'https://shop.example';
            INSERT INTO res_partner (name, display_name, email, street, active) VALUES ('Canary Person', 'Canary Person', 'Canary@example.com', 'Canary Street', true);
            """;
    }
}
