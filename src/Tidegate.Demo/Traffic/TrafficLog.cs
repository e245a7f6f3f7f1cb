using System.Collections.Concurrent;

namespace Tidegate.Demo.Traffic;

/// <summary>Everything that was sent, and every order, from the outside. Safe for many writers and readers.</summary>
internal sealed class TrafficLog
{
    private readonly ConcurrentQueue<SentRequest> _requests = new();
    private readonly ConcurrentDictionary<string, PlacedOrder> _orders = new(StringComparer.Ordinal);

    public IEnumerable<SentRequest> Requests => _requests;

    public IEnumerable<PlacedOrder> Orders => _orders.Values;

    public void Add(SentRequest request) => _requests.Enqueue(request);

    /// <summary>Keeps the newest state of an order.</summary>
    public void Note(PlacedOrder order) => _orders[order.Reference] = order;
}
