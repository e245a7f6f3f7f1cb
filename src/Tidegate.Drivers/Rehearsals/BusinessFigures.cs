using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Rehearsals;

/// <summary>Figures of the business that an upgrade must not change.</summary>
internal static class BusinessFigures
{
    private const string Posted =
        "from account_move_line l join account_account a on a.id = l.account_id where l.parent_state = 'posted'";

    private static readonly ImmutableArray<(string Name, InvariantRule Rule, string Sql)> All =
    [
        ("stock-quantity", InvariantRule.Same, "select trim_scale(sum(quantity)) from stock_quant"),
        ("stock-value", InvariantRule.Same, "select trim_scale(round(sum(value), 2)) from stock_valuation_layer"),
        (
            "receivables",
            InvariantRule.Same,
            $"select trim_scale(sum(l.amount_residual)) {Posted} and a.account_type = 'asset_receivable'"
        ),
        (
            "payables",
            InvariantRule.Same,
            $"select trim_scale(sum(l.amount_residual)) {Posted} and a.account_type = 'liability_payable'"
        ),
        ("trial-balance", InvariantRule.Zero, $"select trim_scale(sum(l.debit) - sum(l.credit)) {Posted}"),
        (
            "balances-by-account",
            InvariantRule.Same,
            $"select md5(string_agg(id || ' ' || balance, ',' order by id)) from (select a.id, trim_scale(sum(l.balance)) as balance {Posted} group by a.id) each"
        ),
        ("orders", InvariantRule.Same, "select count(*) from sale_order where state = 'sale'"),
        (
            "orders-total",
            InvariantRule.Same,
            "select trim_scale(sum(amount_total)) from sale_order where state = 'sale'"
        ),
        ("invoices", InvariantRule.Same, "select count(*) from account_move where state = 'posted'"),
        ("payments", InvariantRule.Same, "select count(*) from account_payment"),
        ("pos-orders", InvariantRule.Same, "select count(*) from pos_order"),
        ("pos-sessions-open", InvariantRule.Same, "select count(*) from pos_session where state <> 'closed'"),
        ("contacts", InvariantRule.NotLower, "select count(*) from res_partner"),
        (
            "numbers-given-out",
            InvariantRule.NotLower,
            "select coalesce(sum(last_value), 0) from pg_sequences where schemaname = 'public' and sequencename like 'ir\\_sequence\\_%'"
        ),
        (
            "numbers-without-gap",
            InvariantRule.NotLower,
            "select coalesce(sum(number_next), 0) from ir_sequence where implementation = 'no_gap'"
        ),
    ];

    /// <summary>By name; what the shop has nothing of is null.</summary>
    public static async Task<ImmutableDictionary<string, string?>> ReadAsync(
        PostgresSession session,
        CancellationToken cancellationToken
    )
    {
        var values = ImmutableDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        foreach (var (name, _, sql) in All)
        {
            values[name] = await ReadAsync(session, sql, cancellationToken);
        }

        return values.ToImmutable();
    }

    public static ImmutableArray<Invariant> Compare(
        ImmutableDictionary<string, string?> before,
        ImmutableDictionary<string, string?> after
    ) => [.. All.Select(figure => new Invariant(figure.Name, figure.Rule, before[figure.Name], after[figure.Name]))];

    private static async Task<string?> ReadAsync(
        PostgresSession session,
        string sql,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await session.ScalarAsync<string>(
                $"select figure::text from ({sql}) answer (figure)",
                [],
                cancellationToken
            );
        }
        catch (PostgresException missing)
            when (missing.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            return null; // the shop has no such module
        }
    }
}
