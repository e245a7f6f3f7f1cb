namespace Tidegate.Demo.Traffic;

/// <summary>What a request asked for; it decides which answer is right.</summary>
internal enum RequestKind
{
    LogIn,
    Page,
    Asset,
    Image,
    LookUp,
    OrderCreate,
    OrderConfirm,
}

/// <summary>One HTTP request that was sent once, and what came of it.</summary>
/// <param name="Latency">From sending to the last byte of the answer, or to the failure.</param>
/// <param name="Held">How long the gateway says it kept the request waiting; zero for a request that was not held.</param>
/// <param name="Failure">What came back instead of a right answer; null when the answer was right.</param>
internal sealed record SentRequest(
    string Tenant,
    RequestKind Kind,
    string Url,
    DateTimeOffset SentAt,
    TimeSpan Latency,
    TimeSpan Held,
    string? Failure
)
{
    public bool WasHeld => Held > TimeSpan.Zero;

    public override string ToString() => $"{SentAt:HH:mm:ss.fff} {Tenant} {Kind} {Url}: {Failure ?? "answered"}";
}
