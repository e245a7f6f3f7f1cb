using System.Collections.Immutable;
using System.Globalization;

namespace Tidegate.ControlPlane.Restores;

/// <summary>What a way back costs: what was written since the point, and what has left the building meanwhile.</summary>
/// <param name="Point">The instant that the tenant would return to.</param>
/// <param name="ReadAt">When this was counted: a shop that is open writes on.</param>
/// <param name="IsExact">Counted while nobody could write, row by row.</param>
public sealed record WayBackPrice(
    DateTimeOffset Point,
    DateTimeOffset ReadAt,
    bool IsExact,
    ImmutableArray<WrittenDocuments> Written,
    ImmutableArray<LeftBuilding> Left
)
{
    /// <summary>Rows of business documents that would be lost; null when it is not known of one of them.</summary>
    public long? Rows =>
        Written
            .Where(written => !written.IsLine)
            .Aggregate((long?)0, (sum, written) => written.Unknown is null ? sum + written.Rows : null);

    /// <summary>What cannot be taken back by giving data back: captured payments and cleared e-invoices; null when it is not known.</summary>
    public long? Irrevocable =>
        Left.Where(left => left.IsIrrevocable)
            .Aggregate((long?)0, (sum, left) => left.Unknown is null ? sum + left.Count : null);

    /// <summary>One sentence in business words, without a full stop: <c>37 orders and 4 invoices written since 06:10</c>.</summary>
    public string Sentence
    {
        get
        {
            var parts = Written
                .Where(written => written is { IsLine: false, Unknown: null, Rows: > 0 })
                .Select(written => string.Create(CultureInfo.InvariantCulture, $"{written.Rows} {written.Noun}"))
                .ToList();
            var unknown = Written.Where(written => written is { IsLine: false, Unknown: not null }).ToList();
            var known = parts switch
            {
                [] => unknown.Count == 0 ? "no business document was written" : "",
                [var only] => $"{only} written",
                [.. var most, var last] => $"{string.Join(", ", most)} and {last} written",
            };
            var sentence = string.Create(CultureInfo.InvariantCulture, $"{known} since {Point:u}").TrimStart();
            return unknown.Count == 0
                ? sentence
                : $"{sentence}; not known: {string.Join(", ", unknown.Select(written => written.Noun))}";
        }
    }
}

/// <summary>Rows of one kind of business document.</summary>
/// <param name="Key"><see cref="BusinessDocument.Key"/>.</param>
/// <param name="Noun">For people, in the right number.</param>
/// <param name="Created">Made since the point: gone after the way back.</param>
/// <param name="Changed">There before, written since: as they were before after the way back.</param>
/// <param name="Deleted">Deleted since: there again after the way back. Null where that was not counted.</param>
/// <param name="Amounts">Of the created and changed ones, one a currency.</param>
/// <param name="Last">When the last of them was written, as Odoo noted it; null when it did not, or there is none.</param>
/// <param name="How">How they were found.</param>
/// <param name="Unknown">Why they could not be counted; null when they were.</param>
public sealed record WrittenDocuments(
    string Key,
    string Noun,
    bool IsLine,
    long Created,
    long Changed,
    long? Deleted,
    ImmutableArray<Money> Amounts,
    DateTimeOffset? Last,
    CountedBy How,
    string? Unknown = null
)
{
    public long Rows => Created + Changed + (Deleted ?? 0);
}

/// <summary>How written rows were found.</summary>
public enum CountedBy
{
    /// <summary>By the number of the transaction that wrote them: whoever wrote, and however.</summary>
    Transaction,

    /// <summary>By the times that Odoo notes: what was written past Odoo does not show.</summary>
    Dates,

    /// <summary>Row by row against the database that would come back.</summary>
    Comparison,
}

/// <param name="Currency">Its code; empty when none is noted.</param>
public sealed record Money(decimal Amount, string Currency);

/// <summary>What no way back brings back: somebody outside has it.</summary>
/// <param name="What">For people, many: <c>mails sent</c>.</param>
/// <param name="Examples">A few of their names.</param>
/// <param name="IsIrrevocable">With one of them no way back is ever automatic.</param>
/// <param name="Unknown">Why they could not be counted; null when they were.</param>
public sealed record LeftBuilding(
    string What,
    long Count,
    DateTimeOffset? Last,
    ImmutableArray<string> Examples,
    bool IsIrrevocable,
    string? Unknown = null
);
