using System.Collections.Immutable;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies.Masks;

/// <summary>One masking of a database, inside the transaction of its session.</summary>
internal sealed class MaskingRun(PostgresSession session, string database, MaskingTerms terms)
{
    /// <returns>What was done, and the tables that it touched.</returns>
    /// <exception cref="CopyRefusedException">The copy is not neutralised; nothing was changed.</exception>
    public static async Task<(MaskingReport Report, ImmutableArray<string> Touched)> RunAsync(
        CopyDatabase copy,
        MaskingTerms terms,
        CancellationToken cancellationToken
    )
    {
        await using var session = await copy.OpenAsync(cancellationToken);
        return await session.InTransactionAsync(
            () => new MaskingRun(session, copy.Name, terms).DoAsync(cancellationToken),
            cancellationToken
        );
    }

    private async Task<(MaskingReport Report, ImmutableArray<string> Touched)> DoAsync(
        CancellationToken cancellationToken
    )
    {
        await RefuseLiveAsync(cancellationToken);
        var columns = await TextColumns.ReadAsync(session, cancellationToken);
        await MaskFunctions.CreateAsync(session, cancellationToken);
        foreach (var rows in MaskedRows.All.Where(rows => Has(columns, rows)))
        {
            await session.ExecuteAsync(rows.Sql, cancellationToken);
        }

        var attachments = await session.ExecuteAsync(
            MaskedAttachments.Statement(columns.Select(column => column.Table).Distinct(StringComparer.Ordinal)),
            MaskedAttachments.Parameters,
            cancellationToken
        );
        var report = new MaskingReport(0, 0, 0, attachments, 0);
        var touched = ImmutableArray.CreateBuilder<string>();
        touched.AddRange(MaskedRows.All.Where(rows => Has(columns, rows)).Select(rows => rows.Table));
        touched.Add("ir_attachment");
        foreach (var table in columns.GroupBy(column => column.Table, StringComparer.Ordinal))
        {
            var masked = table.Where(column => MaskingRules.KindOf(column) is not MaskKind.Keep).ToList();
            if (masked.Count > 0)
            {
                var rows = await MaskAsync(table.Key, masked, cancellationToken);
                report = report with
                {
                    Tables = report.Tables + 1,
                    Columns = report.Columns + masked.Count,
                    Rows = report.Rows + rows,
                };
                touched.Add(table.Key);
            }
        }

        await MaskFunctions.RemoveAsync(session, cancellationToken);
        return (report, [.. touched.Distinct(StringComparer.Ordinal)]);
    }

    private Task<int> MaskAsync(string table, List<TextColumn> columns, CancellationToken cancellationToken)
    {
        var (sets, holds) = (
            string.Join(", ", columns.Select(column => $"{Sql.Name(column.Column)} = {Value(column)}")),
            string.Join(" or ", columns.Select(column => $"{Sql.Name(column.Column)} is not null"))
        );
        return session.ExecuteAsync($"update public.{Sql.Name(table)} set {sets} where {holds}", cancellationToken);
    }

    private string Value(TextColumn column)
    {
        var mask = MaskFunctions.Of(column, MaskingRules.KindOf(column));
        return column.Name switch
        {
            "res_users.login" => $"case when {IsKept} then login else {mask} end",
            "res_users.password" => $"case when {IsKept} then password end",
            _ => mask,
        };
    }

    /// <summary>Also the users that Odoo itself cannot do without.</summary>
    private string IsKept =>
        $"""
            (login = any(array[{string.Join(
                ", ",
                terms.KeptLogins.Order(StringComparer.Ordinal).Select(Sql.Text).Append("''")
            )}])
             or id in (select res_id from ir_model_data where model = 'res.users' and module = 'base' and name in
                       ('user_root', 'user_admin', 'public_user', 'default_user', 'template_portal_user_id')))
            """;

    private static bool Has(ImmutableArray<TextColumn> columns, MaskedRows rows) =>
        columns.Any(column => column.Table == rows.Table)
        && rows.Columns.All(name =>
            name is "user_id" || columns.Any(column => column.Table == rows.Table && column.Column == name)
        );

    private async Task RefuseLiveAsync(CancellationToken cancellationToken)
    {
        if (
            !await session.ScalarAsync<bool>(
                "select exists (select from ir_config_parameter where key = 'database.is_neutralized' and lower(value) in ('true', 't', '1'))",
                [],
                cancellationToken
            )
        )
        {
            throw new CopyRefusedException(
                database,
                ["it was never neutralised, so that it may be a live database; neutralise it first"]
            );
        }
    }
}
