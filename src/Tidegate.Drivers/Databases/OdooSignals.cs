using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>Makes workers that served an earlier attempt forget what they cached of a database by this name.</summary>
/// <remarks>
/// Odoo's workers keep registry and caches per database name and compare one number each: 19 the highest id of tables
/// <c>orm_signaling_*</c>, 14 to 18 the value of sequences <c>base_*_signaling*</c>. A second attempt whose number
/// equals the first one's is answered from the first one's caches. So the site remembers the highest number it has
/// given out per database and goes far above it and above what it finds.
/// </remarks>
public sealed class OdooSignals(SitePostgres site)
{
    // More signals than an attempt sends between its opening and its way back; the ids are 32-bit, room for 20,000 attempts.
    private const int Stride = 100_000;

    /// <summary>Raises every signal of the upgrade's copy above any value a worker can have seen; raising again goes higher still.</summary>
    /// <returns>The new value; null when the copy has no signals: it is no Odoo database, or was never opened.</returns>
    /// <exception cref="StaleEpochException">This control plane is old; nothing was raised.</exception>
    public async Task<long?> RaiseAsync(StepContext context, CancellationToken cancellationToken)
    {
        await using var fenced = await FencedSession.OpenAsync(
            site,
            context.Target.Tenant,
            context.Epoch,
            cancellationToken
        );
        await using var copy = await PostgresSession.OpenAsync(
            site.ConnectionString(
                DatabaseNames.Next(context.Target.Database),
                DatabaseNames.SiteRole,
                FencedSession.ApplicationName(context.Target.Tenant, context.Epoch)
            ),
            cancellationToken
        );
        var signals = await SignalsAsync(copy, cancellationToken);
        if (signals.IsEmpty)
        {
            return null;
        }

        var value = await fenced.InTransactionAsync(
            async postgres =>
                await ReserveAsync(
                    postgres,
                    context.Target.Database,
                    await HighestAsync(copy, signals, cancellationToken),
                    cancellationToken
                ),
            cancellationToken
        );
        await copy.InTransactionAsync(() => RaiseAsync(copy, signals, value, cancellationToken), cancellationToken);
        return value;
    }

    private static Task<ImmutableArray<Signal>> SignalsAsync(
        PostgresSession copy,
        CancellationToken cancellationToken
    ) =>
        copy.QueryAsync(
            """
            select c.relname::text, c.relkind = 'r'
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'public'
               and (c.relkind = 'r' and c.relname like 'orm\_signaling\_%'
                    or c.relkind = 'S' and c.relname ~ '^base_(registry|cache)_signaling')
             order by 1
            """,
            [],
            row => new Signal($"public.{Sql.Name(row.GetString(0))}", row.GetBoolean(1)),
            cancellationToken
        );

    private static async Task<long> HighestAsync(
        PostgresSession copy,
        ImmutableArray<Signal> signals,
        CancellationToken cancellationToken
    )
    {
        var values = signals.Select(signal => $"select {signal.Value} as value from {signal.Relation}");
        return await copy.ScalarAsync<long>(
            $"select max(value)::bigint from ({string.Join(" union all ", values)}) each",
            [],
            cancellationToken
        );
    }

    private static Task<long> ReserveAsync(
        PostgresSession postgres,
        string database,
        long found,
        CancellationToken cancellationToken
    ) =>
        postgres.ScalarAsync<long>(
            $"""
            insert into tidegate.signal as given (database, value) values ($1, $2 + {Stride})
            on conflict (database) do update set value = greatest(given.value, $2) + {Stride}
            returning value
            """,
            [database, found],
            cancellationToken
        );

    private static async Task<int> RaiseAsync(
        PostgresSession copy,
        ImmutableArray<Signal> signals,
        long value,
        CancellationToken cancellationToken
    )
    {
        await copy.ExecuteAllAsync(signals.SelectMany(signal => signal.Raise(value)), cancellationToken);
        return signals.Length;
    }

    private sealed record Signal(string Relation, bool IsTable)
    {
        public string Value => IsTable ? "coalesce(max(id), 0)" : "last_value";

        public IEnumerable<string> Raise(long value)
        {
            var text = value.ToString(CultureInfo.InvariantCulture);
            return IsTable
                ?
                [
                    $"insert into {Relation} (id) values ({text})",
                    $"select setval(pg_get_serial_sequence({Sql.Text(Relation)}, 'id'), {text})",
                ]
                : [$"select setval({Sql.Text(Relation)}, {text})"];
        }
    }
}
