using System.Collections.Concurrent;

namespace Tidegate.Demo.Traffic;

/// <summary>Everything that was sent, and every order, from the outside. Safe for many writers and readers.</summary>
internal sealed class TrafficLog
{
    private readonly ConcurrentQueue<SentRequest> requests = new();
    private readonly ConcurrentDictionary<string, PlacedOrder> orders = new(StringComparer.Ordinal);

    public IEnumerable<SentRequest> Requests => requests;

    public IEnumerable<PlacedOrder> Orders => orders.Values;

    public void Add(SentRequest request) => requests.Enqueue(request);

    /// <summary>Keeps the newest state of an order.</summary>
    public void Note(PlacedOrder order) => orders[order.Reference] = order;
}
