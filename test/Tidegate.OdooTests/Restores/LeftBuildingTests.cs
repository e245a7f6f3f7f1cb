using System.Globalization;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Restores;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Restores;

/// <summary>What leaves the building closes the safe-write window by itself, on the tables that Odoo's own modules make.</summary>
[Collection(nameof(OdooShop))]
public sealed class LeftBuildingTests(LeftBuildingTests.Shop shop) : IClassFixture<LeftBuildingTests.Shop>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        "payments captured",
        true,
        """
            insert into payment_transaction (provider_id, payment_method_id, currency_id, partner_id, reference, state, amount)
            select p.id, m.id, c.currency_id, c.partner_id, 'S00001', 'done', 10
              from (select id from payment_provider limit 1) p, (select id from payment_method limit 1) m, (select * from res_company limit 1) c
            """
    )]
    [InlineData("card payments at the till", true, "update pos_payment set transaction_id = 'T-1' where id = 1")]
    [InlineData("card payments at the till", true, "update pos_payment set payment_status = 'done' where id = 1")]
    [InlineData("payments sent", true, "update account_payment set is_sent = true where id = 1")]
    [InlineData(
        "e-invoices cleared",
        true,
        """
            insert into account_edi_document (move_id, edi_format_id, state)
            select 1, f.id, 'sent' from (insert_format) f
            """
    )]
    [InlineData(
        "e-invoices cleared (l10n_hu_edi_state)",
        true,
        "update account_move set l10n_hu_edi_state = 'sent' where id = 1"
    )]
    [InlineData(
        "e-invoices cleared (l10n_it_edi_state)",
        true,
        "update account_move set l10n_it_edi_state = 'forwarded' where id = 1"
    )]
    [InlineData(
        "fiscal numbers printed (l10n_fr_secure_sequence_number)",
        true,
        "update pos_order set l10n_fr_secure_sequence_number = 7 where id = 1"
    )]
    [InlineData("receipts printed", false, "update pos_order set nb_print = 1 where id = 1")]
    [InlineData("invoices sent", false, "update account_move set is_move_sent = true where id = 1")]
    [InlineData("labels bought", false, "update stock_picking set carrier_tracking_ref = '1Z' where id = 1")]
    [InlineData("text messages sent", false, "insert into sms_sms (state) values ('sent')")]
    [InlineData("mails sent", false, "select nextval('mail_mail_id_seq')")]
    public async Task It_is_told_by_name_and_no_way_back_goes_by_itself(string what, bool isIrrevocable, string left)
    {
        await using var session = await shop.OpenAsync();
        var since = await SinceAsync(session);
        var quiet = await PriceAsync(session, since);

        await session.ExecuteAsync(
            left.Replace("(insert_format)", "(select id from account_edi_format limit 1)", StringComparison.Ordinal),
            Token
        );
        var price = await PriceAsync(session, since);

        Assert.All(quiet.Left, before => Assert.Equal((0, null), (before.Count, before.Unknown)));
        var told = Assert.Single(price.Left, after => after.Count > 0);
        Assert.Equal((what, 1L, isIrrevocable), (told.What, told.Count, told.IsIrrevocable));
        var window = SafeWriteWindow.Of(price);
        Assert.False(window.IsOpen);
        Assert.Contains($"{what}: 1", window.Reasons);
        Assert.NotNull(AcceptedLoss.Refusal(price, LossAcceptance.None));

        // Accepted beforehand, for any number of rows: enough for all but what cannot be taken back.
        Assert.Equal(isIrrevocable, AcceptedLoss.Refusal(price, new(long.MaxValue, WhatLeft: false)) is not null);
        Assert.Null(AcceptedLoss.Refusal(price, new(null, WhatLeft: true)));
    }

    [Theory]
    [InlineData("update account_move set l10n_hu_edi_state = null where id = 1")]
    [InlineData("update account_move set l10n_it_edi_state = 'requires_user_signature' where id = 1")]
    [InlineData("update stock_picking set carrier_tracking_ref = '' where id = 1")]
    [InlineData("update pos_payment set payment_status = 'retry' where id = 1")]
    public async Task What_only_waits_to_leave_has_not_left(string waiting)
    {
        await using var session = await shop.OpenAsync();
        var since = await SinceAsync(session);

        await session.ExecuteAsync(waiting, Token);

        Assert.All((await PriceAsync(session, since)).Left, left => Assert.Equal(0, left.Count));
    }

    private static async Task<WrittenSince> SinceAsync(PostgresSession session) =>
        new(
            TimeProvider.System.GetUtcNow(),
            await session.ScalarAsync<string>("select pg_current_xact_id()::text", [], Token)
        )
        {
            Mails = await MailMarks.ReadAsync(session, Token),
        };

    private static async Task<WayBackPrice> PriceAsync(PostgresSession session, WrittenSince since)
    {
        var rows = await WrittenRows.ReadAsync(session, since, DocumentReader.Tables, Token);
        return new(
            since.Point,
            TimeProvider.System.GetUtcNow(),
            IsExact: false,
            await new DocumentReader(session, rows).ReadAsync(Token),
            await new LeftReader(session, rows).ReadAsync(Token)
        );
    }

    /// <summary>A shop with what leaves the building: delivery, e-invoices, a fiscal till. One document of each kind.</summary>
    public sealed class Shop(OdooShop odoo) : IAsyncLifetime
    {
        private const string Database = "left_building";
        private int _copies;

        public async ValueTask InitializeAsync()
        {
            await odoo.CopyAsync(Database);
            var log = $"{Database}.log";
            await using var install = OdooProcess.Start(
                odoo,
                log,
                [
                    odoo.Odoo.Program,
                    "--config",
                    await odoo.ConfigureAsync("2026.11.1"),
                    "--database",
                    Database,
                    "--init",
                    "stock_delivery,account_edi,l10n_hu_edi,l10n_fr_pos_cert,l10n_it_edi",
                    "--load",
                    "base,web", // nobody is served here: the bridge has no part in it
                    "--stop-after-init",
                    "--no-http",
                ]
            );
            Assert.True(await install.WaitForExitAsync() == 0, install.ReadLog());
            await odoo.Cluster.ExecuteAsync(Database, Documents);
        }

        /// <summary>Inside a copy of its own.</summary>
        internal async Task<PostgresSession> OpenAsync()
        {
            var copy = string.Create(CultureInfo.InvariantCulture, $"{Database}_{++_copies}");
            await odoo.Cluster.ExecuteAsync("postgres", $"CREATE DATABASE {copy} TEMPLATE {Database}");
            return await odoo.Cluster.Site.OpenAsync(copy, SitePostgres.Superuser, Token);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private const string Documents = """
            set session_replication_role = replica;
            insert into account_move (id, journal_id, currency_id, company_id, state, move_type, auto_post, date)
            select 1, j.id, c.currency_id, c.id, 'draft', 'out_invoice', 'no', current_date
              from account_journal j join res_company c on c.id = j.company_id where j.type = 'sale' limit 1
            on conflict (id) do nothing;
            insert into account_payment (id, journal_id, company_id, state, payment_type, partner_type, date)
            select 1, j.id, j.company_id, 'draft', 'inbound', 'customer', current_date
              from account_journal j where j.type = 'bank' limit 1
            on conflict (id) do nothing;
            insert into account_edi_format (name, code)
            select '{"en_US": "test"}', 'test' where not exists (select from account_edi_format);
            insert into pos_order (id, company_id, name, amount_tax, amount_total, amount_paid, amount_return, state, session_id, pricelist_id)
            select 1, id, 'Counter/0001', 0, 1, 1, 0, 'paid', 1, null from res_company limit 1;
            insert into pos_payment (id, pos_order_id, payment_method_id, amount, payment_date)
            select 1, 1, (select id from pos_payment_method limit 1), 1, now();
            """;
    }
}
