using System.Collections.Immutable;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>
/// One statement of ours for what Odoo's scripts leave live. Passed over where the table is not there; refused where
/// the table lacks one of the columns, because then it is another table than the one that is known.
/// </summary>
/// <param name="What">What it changes, for people: <c>queued mails cancelled</c>.</param>
internal sealed record OwnStatement(string What, string Table, ImmutableArray<string> Columns, string Sql)
{
    /// <summary>The first series whose table is so; 0 for all.</summary>
    public int Since { get; init; }
}
