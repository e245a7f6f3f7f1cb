using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>Who knows the calendars that are in force.</summary>
public interface ICalendars
{
    Task<CalendarSet> InForceAsync(CancellationToken cancellationToken);
}

/// <summary>The calendars that git has, in PostgreSQL. None while no repository is followed.</summary>
public sealed class CalendarStore(NpgsqlDataSource database) : ICalendars
{
    private CalendarSet _last = CalendarSet.None;

    /// <summary>One row is read; the set itself only where it is another than the last time.</summary>
    public async Task<CalendarSet> InForceAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select calendar_set from calendar_in_force");
        if (await command.ExecuteScalarAsync(cancellationToken) is not string id)
        {
            return CalendarSet.None;
        }

        var last = Volatile.Read(ref _last);
        if (last.Id == id)
        {
            return last;
        }

        var read =
            await FindAsync(id, cancellationToken)
            ?? throw new InvalidOperationException($"The calendars {id} are in force and not there.");
        Volatile.Write(ref _last, read);
        return read;
    }

    /// <summary>A set that is or was in force; null when there never was such a one.</summary>
    public async Task<CalendarSet?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select calendars from calendar_set where id = $1");
        command.Bind(id);
        return await command.ExecuteScalarAsync(cancellationToken) is string stored
            ? new CalendarSet(id, StoredJson.Read<ImmutableArray<TradingCalendar>>(stored))
            : null;
    }

    /// <summary>Makes these the calendars in force, and no others, in a transaction of its own.</summary>
    public async Task ReplaceAsync(
        IReadOnlyCollection<TradingCalendar> calendars,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ReplaceAsync(connection, calendars, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The same inside the caller's transaction, which must be open on <paramref name="connection"/>.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<TradingCalendar> calendars,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var set = CalendarSet.Of(calendars);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("delete from calendar_in_force"));
        if (!set.IsEmpty)
        {
            var kept = new NpgsqlBatchCommand(
                "insert into calendar_set (id, calendars, taken_at) values ($1, $2, $3) on conflict (id) do nothing"
            );
            kept.Parameters.Add(new() { Value = set.Id });
            kept.Parameters.Add(new() { Value = StoredJson.Write(set.Calendars), NpgsqlDbType = NpgsqlDbType.Jsonb });
            kept.Parameters.Add(new() { Value = now.ToUniversalTime() });
            batch.BatchCommands.Add(kept);
            var inForce = new NpgsqlBatchCommand("insert into calendar_in_force (calendar_set) values ($1)");
            inForce.Parameters.Add(new() { Value = set.Id });
            batch.BatchCommands.Add(inForce);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
