using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>
/// A payment provider knows a transaction by its reference, and takes the same one for the same payment. Odoo makes it
/// unique among those that it has; so each that was given out since stays, as a cancelled transaction.
/// </summary>
internal static class PaymentReferences
{
    private const string Table = "payment_transaction";

    /// <returns>How many were kept.</returns>
    public static async Task<int> ReserveAsync(
        PostgresSession live,
        PostgresSession restored,
        CancellationToken cancellationToken
    )
    {
        var (now, then) = (
            await TableColumns.ReadAsync(live, [Table], cancellationToken),
            await TableColumns.ReadAsync(restored, [Table], cancellationToken)
        );
        string[] needed = ["reference", "provider_id", "payment_method_id", "currency_id", "partner_id", "amount"];
        if (needed.Any(column => !now.Has(Table, column) || !then.Has(Table, column)))
        {
            return 0; // no payments, or of before Odoo 17
        }

        var given = await live.QueryAsync(
            $"select reference, provider_id, payment_method_id, currency_id, partner_id, amount from public.{Table} order by id",
            [],
            row =>
                (
                    Reference: row.GetString(0),
                    Provider: row.GetInt32(1),
                    Method: row.GetInt32(2),
                    Currency: row.GetInt32(3),
                    Partner: row.GetInt32(4),
                    Amount: row.GetDecimal(5)
                ),
            cancellationToken
        );
        if (given.IsEmpty)
        {
            return 0;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["reference"] = "g.reference",
            ["provider_id"] = "p.id",
            ["payment_method_id"] = "m.id",
            ["currency_id"] = "c.id",
            ["partner_id"] = "coalesce(who.id, company.partner_id)",
            ["company_id"] = "company.id",
            ["amount"] = "g.amount",
            ["operation"] = "'online_redirect'",
            ["state"] = "'cancel'",
            ["state_message"] =
                "'Reference given out before the data went back to an earlier state; not to be used again'",
            ["is_post_processed"] = "true",
            ["create_uid"] = "1",
            ["write_uid"] = "1",
            ["create_date"] = "now() at time zone 'utc'",
            ["write_date"] = "now() at time zone 'utc'",
        };
        var there = values.Where(value => then.Has(Table, value.Key)).ToList();
        return await restored.ExecuteAsync(
            $"""
            insert into public.{Table} ({string.Join(", ", there.Select(value => value.Key))})
            select {string.Join(", ", there.Select(value => value.Value))}
              from unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::int[], $6::numeric[])
                   g (reference, provider, method, currency, partner, amount)
              join public.payment_provider p on p.id = g.provider
              join public.res_company company on company.id = p.company_id
              join public.payment_method m on m.id = g.method
              join public.res_currency c on c.id = g.currency
              left join public.res_partner who on who.id = g.partner
             where not exists (select from public.{Table} t where t.reference = g.reference)
            """,
            [
                given.Select(row => row.Reference).ToArray(),
                given.Select(row => row.Provider).ToArray(),
                given.Select(row => row.Method).ToArray(),
                given.Select(row => row.Currency).ToArray(),
                given.Select(row => row.Partner).ToArray(),
                given.Select(row => row.Amount).ToArray(),
            ],
            cancellationToken
        );
    }
}
