using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>One entry of the ledger, as it was written together with what it tells of.</summary>
/// <param name="Id">Given by the database; grows, but has gaps.</param>
/// <param name="At">To the microsecond, as PostgreSQL keeps it.</param>
/// <param name="Kind"><c>intent</c>, <c>outcome</c>, <c>decision</c> or <c>command</c>.</param>
public sealed record LedgerEntry(
    long Id,
    DateTimeOffset At,
    string Kind,
    string Actor,
    string? Rollout,
    string? Upgrade,
    string? Tenant,
    string? Step,
    long? Epoch,
    string? Digest,
    string? Reason
)
{
    /// <summary>The link of the first entry.</summary>
    public static string NoPrevious { get; } = new('0', 2 * MerkleTree.HashSize);

    /// <summary>
    /// What is hashed, in canonical JSON (RFC 8785): names in order, no space, what is null left out. The same entry at the
    /// same place is the same bytes for ever.
    /// </summary>
    /// <param name="place">How many entries are before it.</param>
    /// <param name="previous">The hash of the one before it, in lower-case hexadecimal; <see cref="NoPrevious"/> for the first.</param>
    public byte[] Canonical(long place, string previous)
    {
        var text = new StringBuilder(256).Append('{');
        Add(text, "actor", Actor);
        Add(text, "at", At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        Add(text, "digest", Digest);
        Add(text, "epoch", Epoch);
        Add(text, "id", Id);
        Add(text, "kind", Kind);
        Add(text, "place", place);
        Add(text, "previous", previous);
        Add(text, "reason", Reason);
        Add(text, "rollout", Rollout);
        Add(text, "step", Step);
        Add(text, "tenant", Tenant);
        Add(text, "upgrade", Upgrade);
        return Encoding.UTF8.GetBytes(text.Append('}').ToString());
    }

    private static void Add(StringBuilder text, string name, long? value)
    {
        if (value is { } number)
        {
            Name(text, name).Append(CultureInfo.InvariantCulture, $"{number}");
        }
    }

    private static void Add(StringBuilder text, string name, string? value)
    {
        if (value is null)
        {
            return;
        }

        Name(text, name).Append('"');
        var rest = value.AsSpan();
        while (!rest.IsEmpty)
        {
            var plain = rest.IndexOfAny(Escaped);
            text.Append(plain < 0 ? rest : rest[..plain]);
            if (plain < 0)
            {
                break;
            }

            text.Append(Escape(rest[plain]));
            rest = rest[(plain + 1)..];
        }

        text.Append('"');
    }

    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        .. Enumerable.Range(0, ' ').Select(code => (char)code),
        '"',
        '\\',
    ]);

    // RFC 8785 §3.2.2.2
    private static string Escape(char found) =>
        found switch
        {
            '"' => "\\\"",
            '\\' => @"\\",
            '\b' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\f' => "\\f",
            '\r' => "\\r",
            _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)found:x4}"),
        };

    private static StringBuilder Name(StringBuilder text, string name) =>
        text.Append(text.Length == 1 ? "\"" : ",\"").Append(name).Append("\":");
}
