using System.Collections.Immutable;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>What was done so that no number comes twice.</summary>
/// <param name="Count">Counters that were behind, and numbers that were reserved.</param>
/// <param name="Gone">Sequences that were made since and gave out numbers: gone with what they numbered.</param>
internal sealed record RaisedNumbers(int Count, ImmutableArray<string> Gone)
{
    public static readonly RaisedNumbers None = new(0, []);

    private const int Named = 5;

    /// <summary>For people: whoever makes such a sequence again has to know where it stood.</summary>
    public string Warning =>
        Gone.IsEmpty
            ? ""
            : $"; sequences made since are gone, to be made again with these next numbers: {string.Join(", ", Gone.Take(Named))}{(Gone.Length > Named ? $" and {Gone.Length - Named} more" : "")}";
}

/// <summary>
/// A way back never uses a number twice: whatever counts in the restored database goes on behind what the live one has
/// given out. Raising again changes nothing.
/// </summary>
internal static class NumberRaising
{
    public static async Task<RaisedNumbers> RaiseAsync(
        PostgresSession live,
        PostgresSession restored,
        CancellationToken cancellationToken
    ) =>
        await restored.InTransactionAsync(
            async () =>
            {
                await AsOwnerAsync(restored, cancellationToken);
                var (now, before) = await BothDatabases.AtOnceAsync(
                    PostgresCounter.ReadAsync(live, cancellationToken),
                    PostgresCounter.ReadAsync(restored, cancellationToken)
                );
                var behind = before
                    .Where(old => now.TryGetValue(old.Key, out var counter) && counter.IsBeyond(old.Value.Next))
                    .Select(old => KeyValuePair.Create(old.Key, now[old.Key] with { Step = old.Value.Step }))
                    .ToList();
                await PostgresCounter.SetAsync(restored, behind, cancellationToken);
                var counted = await OdooCounters.RaiseAsync(
                    live,
                    restored,
                    now,
                    before.SetItems(behind),
                    cancellationToken
                );
                return counted with
                {
                    Count =
                        behind.Count
                        + counted.Count
                        + await JournalNumbers.ReserveAsync(live, restored, cancellationToken)
                        + await PaymentReferences.ReserveAsync(live, restored, cancellationToken),
                };
            },
            cancellationToken
        );

    /// <summary>What is made here has to belong to the tenant, as what Odoo makes.</summary>
    private static async Task AsOwnerAsync(PostgresSession restored, CancellationToken cancellationToken)
    {
        if (
            await restored.ScalarAsync<string>(
                "select tableowner::text from pg_tables where schemaname = 'public' and tablename = 'ir_sequence'",
                [],
                cancellationToken
            ) is
            { } owner
        )
        {
            await restored.ExecuteAsync($"SET LOCAL ROLE {Sql.Name(owner)}", cancellationToken);
        }
    }
}
