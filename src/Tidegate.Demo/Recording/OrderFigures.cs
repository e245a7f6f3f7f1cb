using Tidegate.Demo.Traffic;

namespace Tidegate.Demo.Recording;

/// <summary>Orders that clients sent against orders that the databases hold.</summary>
/// <param name="Sent">Orders sent in the window.</param>
/// <param name="Acknowledged">Of these, the ones whose answer the client has read.</param>
/// <param name="Lost">References acknowledged at any time that are not in the database, or whose acknowledged confirmation is not.</param>
/// <param name="Doubled">References that are in the database more than once.</param>
/// <param name="StoredUnacknowledged">References in the database whose answer no client has read. Not lost and not wrong: the client does not know.</param>
internal sealed record OrderFigures(
    int Sent,
    int Acknowledged,
    IReadOnlyList<string> Lost,
    IReadOnlyList<string> Doubled,
    IReadOnlyList<string> StoredUnacknowledged
);

/// <summary>An order in a shop's database.</summary>
/// <param name="Copies">How often the reference is there.</param>
/// <param name="Confirmed">All of them are confirmed.</param>
internal sealed record StoredOrder(string Reference, int Copies, bool Confirmed);

/// <summary>Compares what was sent with what is stored.</summary>
internal static class OrderComparison
{
    /// <param name="placed">Every order of the run so far, all settled: a rollout can lose an order of an earlier window.</param>
    public static OrderFigures Compare(
        IReadOnlyCollection<PlacedOrder> placed,
        IEnumerable<StoredOrder> stored,
        RolloutWindow window
    )
    {
        var found = stored.ToDictionary(order => order.Reference, StringComparer.Ordinal);
        var sent = placed.Where(order => window.Covers(order.SentAt)).ToArray();
        return new(
            sent.Length,
            sent.Count(order => order.Acknowledged),
            [.. placed.Where(IsLost).Select(order => order.Reference).Order(StringComparer.Ordinal)],
            [.. found.Values.Where(order => order.Copies > 1).Select(order => order.Reference)],
            [.. placed.Where(IsUnknownToItsClient).Select(order => order.Reference).Order(StringComparer.Ordinal)]
        );

        bool IsLost(PlacedOrder order) =>
            order.Acknowledged
            && (!found.TryGetValue(order.Reference, out var there) || (order.Confirmed && !there.Confirmed));

        bool IsUnknownToItsClient(PlacedOrder order) => !order.Acknowledged && found.ContainsKey(order.Reference);
    }
}
