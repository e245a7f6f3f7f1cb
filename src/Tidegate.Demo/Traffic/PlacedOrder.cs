namespace Tidegate.Demo.Traffic;

/// <summary>A sale order that was sent. Its reference is unique, so that the database can be asked how often it is there.</summary>
/// <param name="Acknowledged">The client has read the answer that says the order exists.</param>
/// <param name="Confirmed">The client has read the answer that says the order is confirmed.</param>
internal sealed record PlacedOrder(
    string Reference,
    string Tenant,
    DateTimeOffset SentAt,
    bool Acknowledged = false,
    bool Confirmed = false
);
