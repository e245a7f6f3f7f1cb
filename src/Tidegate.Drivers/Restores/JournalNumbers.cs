using System.Collections.Immutable;
using System.Globalization;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>
/// An entry's number is one more than the highest that its journal has: Odoo keeps no counter. So the highest number of
/// each series that was given out since gets a cancelled entry of its own, which says why it is there.
/// </summary>
internal sealed class JournalNumbers
{
    private const string Why = "'Number given out before the data went back to an earlier state; not to be used again'";

    private static readonly string[] PaymentColumns = ["origin_payment_id", "payment_id"];

    private static readonly string[] Tables = ["account_move", "account_journal", "account_payment"];

    private readonly PostgresSession _restored;
    private readonly TableColumns _columns;

    private JournalNumbers(PostgresSession restored, TableColumns columns)
    {
        (_restored, _columns) = (restored, columns);
    }

    /// <summary>The column by which an entry says that it is a payment's.</summary>
    private string? Payment => PaymentOf(_columns);

    /// <returns>How many entries were made.</returns>
    public static async Task<int> ReserveAsync(
        PostgresSession live,
        PostgresSession restored,
        CancellationToken cancellationToken
    )
    {
        string[] needed = ["sequence_prefix", "sequence_number", "journal_id", "name", "move_type", "date"];
        var (now, then) = (
            await TableColumns.ReadAsync(live, Tables, cancellationToken),
            await TableColumns.ReadAsync(restored, Tables, cancellationToken)
        );
        if (needed.Any(column => !now.Has("account_move", column) || !then.Has("account_move", column)))
        {
            return 0; // no accounting, or of before Odoo 14
        }

        var (given, kept) = await BothDatabases.AtOnceAsync(
            HighestAsync(live, now, cancellationToken),
            HighestAsync(restored, then, cancellationToken)
        );
        var before = kept.ToDictionary(entry => entry.Series, entry => entry.Number);
        var journals = new JournalNumbers(restored, then);
        var reserved = 0;
        // In the order in which they came: a journal goes on with the prefix of its newest entry.
        foreach (var entry in given.OrderBy(entry => entry.Id))
        {
            if (before.GetValueOrDefault(entry.Series) < entry.Number)
            {
                reserved += await journals.ReserveAsync(entry, cancellationToken);
            }
        }

        return reserved;
    }

    /// <summary>An entry without a line and without an amount. A journal that is not there any more needs none.</summary>
    private async Task<int> ReserveAsync(Entry entry, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["journal_id"] = "j.id",
            ["company_id"] = "j.company_id",
            ["currency_id"] = "coalesce(j.currency_id, c.currency_id)",
            ["state"] = "'cancel'",
            ["move_type"] = "$4",
            ["auto_post"] = _columns.Of("account_move").GetValueOrDefault("auto_post") is "boolean" ? "false" : "'no'",
            ["date"] = "$5",
            ["name"] = "$3",
            ["ref"] = Why,
            ["sequence_prefix"] = "$2",
            ["sequence_number"] = "$6",
            ["l10n_latam_document_type_id"] = Number(entry.Series.DocumentType),
            ["partner_id"] = Partner(entry),
            ["commercial_partner_id"] = Partner(entry),
            ["create_uid"] = "1",
            ["write_uid"] = "1",
            ["create_date"] = "now() at time zone 'utc'",
            ["write_date"] = "now() at time zone 'utc'",
        };
        var made = await InsertAsync(
            "account_move",
            values,
            "public.account_journal j join public.res_company c on c.id = j.company_id where j.id = $1",
            [entry.Series.Journal, entry.Series.Prefix, entry.Name, entry.MoveType, entry.Date, entry.Number],
            cancellationToken
        );
        if (made is not { } id)
        {
            return 0;
        }

        if (entry.Series.IsPayment && Payment is { } payment)
        {
            await BelongToAsync(id, payment, await PaymentAsync(id, cancellationToken), cancellationToken);
        }

        if (entry.Series.IsDebit)
        {
            await BelongToAsync(id, "debit_origin_id", id, cancellationToken);
        }

        return 1;
    }

    /// <summary>Where payments are numbered by themselves, an entry counts for them only if it is a payment's.</summary>
    private Task<int?> PaymentAsync(int entry, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["move_id"] = "m.id",
            ["journal_id"] = "m.journal_id",
            ["company_id"] = "m.company_id",
            ["currency_id"] = "m.currency_id",
            ["date"] = "m.date",
            ["name"] = "m.name",
            ["memo"] = Why,
            ["state"] = "'canceled'",
            ["payment_type"] = "'inbound'",
            ["partner_type"] = "'customer'",
            ["amount"] = "0",
            ["create_uid"] = "1",
            ["write_uid"] = "1",
            ["create_date"] = "now() at time zone 'utc'",
            ["write_date"] = "now() at time zone 'utc'",
        };
        return InsertAsync(
            "account_payment",
            values,
            "public.account_move m where m.id = $1",
            [entry],
            cancellationToken
        );
    }

    private async Task<int?> InsertAsync(
        string table,
        Dictionary<string, string> values,
        string from,
        object[] parameters,
        CancellationToken cancellationToken
    )
    {
        var there = values.Where(value => _columns.Has(table, value.Key)).ToList();
        return
            await _restored.ScalarAsync<int>(
                $"""
                insert into public.{table} ({string.Join(", ", there.Select(value => value.Key))})
                select {string.Join(", ", there.Select(value => value.Value))} from {from}
                returning id
                """,
                parameters,
                cancellationToken
            )
                is > 0
                    and var id
            ? id
            : null;
    }

    private Task<int> BelongToAsync(int entry, string column, int? to, CancellationToken cancellationToken) =>
        _restored.ExecuteAsync(
            $"update public.account_move set {column} = {Number(to)} where id = $1",
            [entry],
            cancellationToken
        );

    /// <summary>Null where the restored database does not know it: then nobody there can be billed by that series.</summary>
    private static string Partner(Entry entry) =>
        $"(select p.id from public.res_partner p where p.id = {Number(entry.Series.Partner)})";

    private static string Number(int? value) => $"{value?.ToString(CultureInfo.InvariantCulture) ?? "null"}::integer";

    private static string? PaymentOf(TableColumns columns) =>
        PaymentColumns.FirstOrDefault(column => columns.Has("account_move", column));

    /// <summary>The entry with the highest number of each series that Odoo keeps apart.</summary>
    private static Task<ImmutableArray<Entry>> HighestAsync(
        PostgresSession session,
        TableColumns columns,
        CancellationToken cancellationToken
    )
    {
        string Where(string flag, string? column, string otherwise, string value) =>
            columns.Has("account_journal", flag) && column is not null && columns.Has("account_move", column)
                ? $"case when j.{flag} then {value} else {otherwise} end"
                : otherwise;
        var payment = PaymentOf(columns);
        var document = columns.Has("account_move", "l10n_latam_document_type_id")
            ? "m.l10n_latam_document_type_id"
            : "null::integer";
        return session.QueryAsync(
            $"""
            select distinct on (1, 2, 3, 4, 5, 6, 7)
                   m.journal_id, m.sequence_prefix,
                   {Where("refund_sequence", "move_type", "false", "m.move_type in ('out_refund', 'in_refund')")},
                   {Where("payment_sequence", payment, "false", $"m.{payment} is not null")},
                   {Where("debit_sequence", "debit_origin_id", "false", "m.debit_origin_id is not null")},
                   {Where("is_self_billing", "commercial_partner_id", "null::integer", "m.commercial_partner_id")},
                   {document}, m.id, m.sequence_number, m.name, m.move_type, m.date
              from public.account_move m join public.account_journal j on j.id = m.journal_id
             where coalesce(m.name, '/') not in ('/', '') and m.sequence_prefix is not null and m.sequence_number > 0
             order by 1, 2, 3, 4, 5, 6, 7, m.sequence_number desc, m.id desc
            """,
            [],
            row => new Entry(
                new(
                    row.GetInt32(0),
                    row.GetString(1),
                    row.GetBoolean(2),
                    row.GetBoolean(3),
                    row.GetBoolean(4),
                    row.IsDBNull(5) ? null : row.GetInt32(5),
                    row.IsDBNull(6) ? null : row.GetInt32(6)
                ),
                row.GetInt32(7),
                row.GetInt32(8),
                row.GetString(9),
                row.GetString(10),
                row.GetFieldValue<DateOnly>(11)
            ),
            cancellationToken
        );
    }

    /// <summary>What Odoo numbers by itself within a journal, as the journal's flags and the country's rules have it.</summary>
    private sealed record Series(
        int Journal,
        string Prefix,
        bool IsRefund,
        bool IsPayment,
        bool IsDebit,
        int? Partner,
        int? DocumentType
    );

    private sealed record Entry(Series Series, int Id, int Number, string Name, string MoveType, DateOnly Date);
}
