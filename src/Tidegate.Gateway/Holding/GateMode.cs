namespace Tidegate.Gateway.Holding;

/// <summary>What a gate does with a request that arrives. Immutable: the request path reads one reference.</summary>
internal abstract record GateMode
{
    private GateMode() { }

    /// <summary>Requests pass.</summary>
    internal sealed record Open : GateMode
    {
        public static readonly Open Instance = new();
    }

    /// <summary>Requests wait. <see cref="TenantGate"/> moves it on when lease or bound is over.</summary>
    internal sealed record Holding(HoldLease Lease) : GateMode;

    /// <summary>Held requests go out in order, later ones queue behind them; the last one to go opens the gate.</summary>
    internal sealed record Releasing(HoldLimits Limits) : GateMode;

    /// <summary>Every request gets the maintenance page, until the holder renews (within the bound) or releases.</summary>
    internal sealed record Maintenance(HoldLease Lease, string Reason) : GateMode;
}

/// <summary>A hold's terms as instants.</summary>
/// <param name="EndsAt">When the lease ends unless renewed.</param>
/// <param name="BoundEndsAt">When the hold ends whatever is renewed.</param>
internal sealed record HoldLease(string Hold, DateTimeOffset EndsAt, DateTimeOffset BoundEndsAt, HoldLimits Limits)
{
    /// <summary>The first instant at which the hold is over.</summary>
    public DateTimeOffset Deadline => EndsAt < BoundEndsAt ? EndsAt : BoundEndsAt;
}

/// <summary>How much may wait at a time.</summary>
internal sealed record HoldLimits(int Requests, long Bytes)
{
    public static readonly HoldLimits None = new(int.MaxValue, long.MaxValue);
}
