using System.Collections.Immutable;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>
/// E-invoices cleared and fiscal numbers printed. Each country's module notes them in columns of its own, on the document
/// or in a table beside it, and with words of its own: so a word that is not known to mean "not sent" counts as sent.
/// </summary>
internal static class ElectronicTraces
{
    private const string NotSent =
        "'', 'to_send', 'ready', 'ready_to_send', 'not_sent', 'skipped', 'pending', 'requires_user_signature', 'sending_failed', 'stock_sending_failed', 'invoice_sending_failed', 'invoice_error', 'bill_error', 'bill_fetched'";

    /// <summary>Documents that others are told of, and the column that people know them by.</summary>
    private static readonly ImmutableArray<(string Table, string What, string Name)> Documents =
    [
        ("account_move", "e-invoices", "name"),
        ("pos_order", "e-receipts", "pos_reference"),
        ("stock_picking", "e-waybills", "name"),
    ];

    /// <summary>Tables of what was sent, and the column that says how far that is.</summary>
    private static readonly ImmutableArray<(string Table, string State)> Beside =
    [
        ("account_edi_document", "state"),
        ("l10n_es_edi_tbai_document", "state"),
        ("l10n_es_edi_verifactu_document", "state"),
        ("l10n_gr_edi_document", "state"),
        ("l10n_hr_edi_addendum", "mer_document_status"),
        ("l10n_in_ewaybill", "state"),
        ("l10n_ro_edi_document", "state"),
        ("myinvois_document", "myinvois_state"),
    ];

    private static readonly ImmutableHashSet<string> Clearing =
    [
        "edi",
        "ewaybill",
        "myinvois",
        "nemhandel",
        "nilvera",
        "peppol",
        "tbai",
        "verifactu",
    ];

    private static readonly ImmutableArray<string> Fiscal =
    [
        "fiscal",
        "blackbox",
        "fiskaly",
        "secure_sequence",
        "_cu_",
    ];

    private static readonly ImmutableArray<string> Given = ["_number", "_signature", "_uuid"];

    /// <summary>The tables that are looked at.</summary>
    public static readonly ImmutableArray<string> Tables =
    [
        .. Documents.Select(document => document.Table),
        .. Beside.Select(beside => beside.Table),
    ];

    /// <summary>Those that a database with these columns can have.</summary>
    public static IEnumerable<LeftTrace> Of(TableColumns columns) =>
        Beside
            .Where(beside => columns.Has(beside.Table, beside.State))
            .Select(beside => new LeftTrace(
                beside.Table is "account_edi_document" ? "e-invoices cleared" : $"e-invoices cleared ({beside.Table})",
                beside.Table,
                IsSent(beside.State),
                [beside.State],
                null,
                true
            ))
            .Concat(
                from document in Documents
                from column in columns.Of(document.Table)
                where IsText(column.Value) && IsClearing(column.Key)
                select new LeftTrace(
                    $"{document.What} cleared ({column.Key})",
                    document.Table,
                    IsSent(column.Key),
                    [column.Key],
                    document.Name,
                    true
                )
            )
            .Concat(
                from document in Documents
                from column in columns.Of(document.Table)
                where IsFiscal(column.Key, column.Value)
                select new LeftTrace(
                    $"fiscal numbers printed ({column.Key})",
                    document.Table,
                    $"coalesce(t.{Sql.Name(column.Key)}::text, '') not in ('', '0')",
                    [column.Key],
                    document.Name,
                    true
                )
            );

    private static string IsSent(string column) => $"coalesce(t.{Sql.Name(column)}, '') not in ({NotSent})";

    private static bool IsText(string type) => type is "character varying" or "text";

    private static bool IsClearing(string column)
    {
        var words = column.Split('_');
        return words[^1] is "state" or "status" && words.Any(Clearing.Contains);
    }

    /// <summary>Numbers of Odoo's own books alone, as of entries that are sealed, nobody outside has.</summary>
    private static bool IsFiscal(string column, string type) =>
        (IsText(type) || type is "integer" or "bigint")
        && column is not "secure_sequence_number"
        && Fiscal.Any(part => column.Contains(part, StringComparison.Ordinal))
        && Given.Any(part => column.EndsWith(part, StringComparison.Ordinal));
}
