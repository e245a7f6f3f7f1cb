using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Tidegate.ControlPlane.Restores;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>Counts what has left the building since a point: no way back brings it back.</summary>
internal sealed class LeftReader(PostgresSession session, WrittenRows rows)
{
    private const int Examples = 5;

    private static readonly ImmutableArray<LeftTrace> Traces =
    [
        new(
            "payments captured",
            "payment_transaction",
            "t.state in ('authorized', 'done')",
            ["state"],
            "reference",
            true
        ),
        new(
            "card payments at the till",
            "pos_payment",
            "(coalesce(t.transaction_id, '') <> '' or coalesce(t.payment_status, '') in ('done', 'force_done', 'waitingCapture', 'reversed'))",
            ["transaction_id", "payment_status"],
            "transaction_id",
            true
        ),
        new("payments sent", "account_payment", "t.is_sent", ["is_sent"], "name", true),
        new("invoices sent", "account_move", "t.is_move_sent", ["is_move_sent"], "name", false),
        new(
            "invoice numbers given out",
            "account_move",
            "t.state = 'posted' and t.move_type in ('out_invoice', 'out_refund', 'out_receipt')",
            ["state", "move_type"],
            "name",
            false
        ),
        new("text messages sent", "sms_sms", "t.state in ('sent', 'pending', 'process')", ["state"], null, false),
        new(
            "labels bought",
            "stock_picking",
            "coalesce(t.carrier_tracking_ref, '') <> ''",
            ["carrier_tracking_ref"],
            "carrier_tracking_ref",
            false
        ),
        new("receipts printed", "pos_order", "t.nb_print > 0", ["nb_print"], "pos_reference", false),
    ];

    /// <summary>The tables that are looked at.</summary>
    public static readonly ImmutableArray<string> Tables =
    [
        .. Traces.Select(trace => trace.Table),
        .. ElectronicTraces.Tables,
        "mail_mail",
        "mail_notification",
        "mail_message",
        "res_currency",
    ];

    public async Task<ImmutableArray<LeftBuilding>> ReadAsync(CancellationToken cancellationToken)
    {
        var left = ImmutableArray.CreateBuilder<LeftBuilding>();
        if (rows.Columns.Has("mail_mail"))
        {
            left.Add(await TriedAsync("mails sent", false, MailsAsync, cancellationToken));
        }

        foreach (var trace in Traces.Concat(ElectronicTraces.Of(rows.Columns)).Where(trace => trace.IsIn(rows.Columns)))
        {
            left.Add(
                await TriedAsync(trace.What, trace.IsIrrevocable, token => CountAsync(trace, token), cancellationToken)
            );
        }

        return left.DrainToImmutable();
    }

    private async Task<LeftBuilding> CountAsync(LeftTrace trace, CancellationToken cancellationToken)
    {
        if (rows.Condition(trace.Table) is not { } written)
        {
            return Unknown(trace.What, trace.IsIrrevocable, "its rows say nothing of when they were written");
        }

        var name =
            trace.Name is { } column && rows.Columns.Has(trace.Table, column) ? $"t.{column}::text" : "t.id::text";
        return (
            await session.QueryAsync(
                $"""
                select count(*), max({rows.Last(trace.Table)}), (array_agg({name} order by t.id desc))[1:{Examples}]
                  from public.{trace.Table} t where {trace.Condition} and {written}
                """,
                [],
                row => new LeftBuilding(
                    trace.What,
                    row.GetInt64(0),
                    DocumentReader.Utc(row, 1),
                    row.IsDBNull(2) ? [] : [.. row.GetFieldValue<string?[]>(2).OfType<string>()],
                    trace.IsIrrevocable
                ),
                cancellationToken
            )
        ).Single();
    }

    /// <summary>
    /// Odoo deletes most mails once they are sent. So they are counted by their numbers: those given out since, less
    /// those that wait still; and those that waited at the point and do so no more.
    /// </summary>
    private async Task<LeftBuilding> MailsAsync(CancellationToken cancellationToken)
    {
        const string What = "mails sent";
        if (rows.Since.Mails is { } mark)
        {
            return (
                await session.QueryAsync(
                    $"""
                    select greatest(0, s.last_value - $1
                             - (select count(*) from public.mail_mail t where t.id > $1 and t.state <> 'sent')
                             + $2 - (select count(*) from public.mail_mail t where t.id <= $1 and t.state = 'outgoing')),
                           (select max({rows.Last("mail_mail")}) from public.mail_mail t where t.state = 'sent')
                      from public.mail_mail_id_seq s
                    """,
                    [mark.Given, mark.Queued],
                    row => new LeftBuilding(What, row.GetInt64(0), null, [], false),
                    cancellationToken
                )
            ).Single();
        }

        var counted = await CountAsync(
            new(What, "mail_mail", "t.state = 'sent'", ["state"], null, false),
            cancellationToken
        );
        var notified =
            rows.Columns.Has("mail_notification", "notification_status")
            && rows.Condition("mail_message") is { } written
                ? await session.ScalarAsync<long>(
                    $"""
                    select count(distinct n.mail_message_id)
                      from public.mail_notification n join public.mail_message t on t.id = n.mail_message_id
                     where n.notification_status = 'sent' and n.notification_type = 'email' and {written}
                    """,
                    [],
                    cancellationToken
                )
                : 0;
        return counted with
        {
            Unknown = string.Create(
                CultureInfo.InvariantCulture,
                $"{Math.Max(counted.Count, notified)} at least; Odoo deletes what it has sent, and nobody noted its counter then"
            ),
        };
    }

    private static async Task<LeftBuilding> TriedAsync(
        string what,
        bool isIrrevocable,
        Func<CancellationToken, Task<LeftBuilding>> read,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await read(cancellationToken);
        }
        catch (PostgresException unreadable)
        {
            return Unknown(what, isIrrevocable, $"it cannot be read: {unreadable.MessageText}");
        }
    }

    private static LeftBuilding Unknown(string what, bool isIrrevocable, string why) =>
        new(what, 0, null, [], isIrrevocable, why);
}
