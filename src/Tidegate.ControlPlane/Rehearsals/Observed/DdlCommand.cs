using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Rehearsals.Observed;

/// <summary>One statement that defines or changes a structure.</summary>
/// <param name="Number">Its place in the order of begins.</param>
/// <param name="Transaction">PostgreSQL's id of its transaction; 0 where it never got one.</param>
/// <param name="Tag"><c>ALTER TABLE</c>, <c>CREATE INDEX</c>.</param>
/// <param name="Text">The statement as it was sent, cut at 2,000 characters.</param>
/// <param name="Ms">From begin to end; null when it began and never ended: it failed.</param>
/// <param name="LockTimeoutMs">The limit for a lock that was in force; 0 is none.</param>
public sealed record DdlCommand(
    int Number,
    DateTimeOffset At,
    long Transaction,
    string Tag,
    string Text,
    double? Ms,
    long LockTimeoutMs,
    ImmutableArray<DdlObject> Objects
)
{
    public bool HasFailed => Ms is null;

    /// <summary>The tables that it worked on, each once.</summary>
    public IEnumerable<string> Tables =>
        Objects.Select(item => item.Table).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>The statement without its layout, for people and for comparing.</summary>
    public string Line => string.Join(' ', Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>What a statement made or changed.</summary>
/// <param name="Type"><c>table</c>, <c>index</c>, <c>table constraint</c>.</param>
/// <param name="Identity">With its schema, as PostgreSQL writes it.</param>
/// <param name="Table">The table it is or belongs to, without schema <c>public</c>; null for what has none.</param>
/// <param name="Lock">The strongest lock that the transaction held on that table when the statement ended.</param>
public sealed record DdlObject(string Type, string Identity, string? Table, string? Lock);

/// <summary>A table that PostgreSQL wrote anew.</summary>
/// <param name="Reason">Bits: 1 persistence, 2 a default that is computed per row, 4 a column's type, 8 access method.</param>
public sealed record TableRewrite(string Table, int Reason, long Transaction);

/// <summary>Something that was dropped.</summary>
/// <param name="Table">The table it belonged to, or was; null for what has none.</param>
/// <param name="IsOriginal">The statement named it; otherwise it went with something else (<c>CASCADE</c>).</param>
public sealed record DroppedObject(
    string Type,
    string Identity,
    string? Table,
    bool IsOriginal,
    bool IsTemporary,
    long Transaction
);

/// <summary>A strong lock on a relation, as a sampler saw it.</summary>
/// <param name="Mode"><c>AccessExclusiveLock</c>, as <c>pg_locks</c> has it.</param>
/// <param name="LongestMs">The longest time that one transaction held it, first sample to last, plus one interval.</param>
/// <param name="TotalMs">All transactions together.</param>
/// <param name="LongestIdleMs">How much of the longest time its session did nothing (<c>idle in transaction</c>): Python computes, the table stays closed.</param>
/// <param name="WithoutStatement">No statement of the log explains it.</param>
public sealed record LockHeld(
    string Table,
    string Mode,
    double LongestMs,
    double TotalMs,
    double LongestIdleMs,
    bool WithoutStatement
);

/// <summary>An error in the server's log, of the migration's sessions.</summary>
/// <param name="State">SQLSTATE, <c>23502</c>.</param>
public sealed record ServerError(string State, string Message, string? Statement);

/// <summary>A warning of Odoo's schema logger.</summary>
public sealed record SchemaWarning(string Level, string Message);
