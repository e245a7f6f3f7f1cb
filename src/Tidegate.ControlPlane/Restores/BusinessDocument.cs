using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Restores;

/// <summary>One kind of record in which a shop's work is kept, as Odoo's tables have it.</summary>
/// <param name="Key">Short and stable: names files of exports.</param>
/// <param name="Singular">For people: <c>order</c>.</param>
/// <param name="Filter">Which rows of the table, as SQL about alias <c>t</c>; null for all.</param>
/// <param name="Needs">Columns that the filter reads: without them the filter is left out.</param>
/// <param name="Amount">The column that says how much it is about; null when none does.</param>
/// <param name="Number">The column that people know it by; null when none does.</param>
/// <param name="IsLine">Part of a document: exported with it, counted beside it.</param>
public sealed record BusinessDocument(
    string Key,
    string Table,
    string Singular,
    string Plural,
    string? Amount = null,
    string? Number = null,
    string? Filter = null,
    string? Needs = null,
    bool IsLine = false
)
{
    /// <summary>What a shop works with, and the lines of it. A table that a tenant does not have is no document of it.</summary>
    public static readonly ImmutableArray<BusinessDocument> All =
    [
        new("orders", "sale_order", "order", "orders", "amount_total", "name"),
        new(
            "invoices",
            "account_move",
            "invoice",
            "invoices",
            "amount_total",
            "name",
            "t.move_type <> 'entry'",
            "move_type"
        ),
        new(
            "journal-entries",
            "account_move",
            "journal entry",
            "journal entries",
            "amount_total",
            "name",
            "t.move_type = 'entry'",
            "move_type"
        ),
        new("pos-orders", "pos_order", "POS order", "POS orders", "amount_total", "pos_reference"),
        new("transfers", "stock_picking", "transfer", "transfers", null, "name"),
        new("stock-moves", "stock_move", "stock move", "stock moves", null, "reference"),
        new("payments", "account_payment", "payment", "payments", "amount", "name"),
        new("purchase-orders", "purchase_order", "purchase order", "purchase orders", "amount_total", "name"),
        Line("order-lines", "sale_order_line", "order line", "order lines"),
        Line("invoice-lines", "account_move_line", "invoice line", "invoice lines"),
        Line("pos-order-lines", "pos_order_line", "POS order line", "POS order lines"),
        Line("pos-payments", "pos_payment", "POS payment", "POS payments"),
        Line("stock-move-lines", "stock_move_line", "stock move line", "stock move lines"),
        Line("purchase-order-lines", "purchase_order_line", "purchase order line", "purchase order lines"),
        Line("contacts", "res_partner", "contact", "contacts"),
        Line("products", "product_template", "product", "products"),
    ];

    public string Of(long count) => count == 1 ? Singular : Plural;

    private static BusinessDocument Line(string key, string table, string singular, string plural) =>
        new(key, table, singular, plural, IsLine: true);
}
