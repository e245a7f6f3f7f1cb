namespace Tidegate.Contracts.Gateway;

/// <summary>
/// Body of <c>PUT /v1/tenants/{tenant}/holds/{hold}</c>: keep the tenant's requests waiting. Repeating it renews the lease
/// and changes nothing else.
/// </summary>
/// <param name="Epoch">The caller's fencing number.</param>
/// <param name="LeaseSeconds">Not renewed for so long, the hold turns into the maintenance page, never into an open route.</param>
/// <param name="BoundSeconds">Longest hold of all, from its first beginning; over it: the maintenance page.</param>
/// <param name="MaxRequests">Waiting requests at a time; the next one gets 503 and <c>Retry-After</c>. 0: nobody waits, all see the maintenance page.</param>
/// <param name="MaxBytes">Bytes of waiting request bodies at a time; the request that goes over it gets 503 and <c>Retry-After</c>.</param>
public sealed record HoldTerms(
    long Epoch,
    double LeaseSeconds,
    double BoundSeconds,
    int MaxRequests = HoldTerms.DefaultMaxRequests,
    long MaxBytes = HoldTerms.DefaultMaxBytes
)
{
    public const int DefaultMaxRequests = 10_000;

    public const long DefaultMaxBytes = 64L * 1024 * 1024;
}

/// <summary>Body of <c>PUT /v1/tenants/{tenant}/holds/{hold}/lease</c>: renews a hold that exists, begins none.</summary>
public sealed record LeaseRenewal(long Epoch, double LeaseSeconds);
