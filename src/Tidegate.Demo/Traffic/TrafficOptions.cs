namespace Tidegate.Demo.Traffic;

/// <summary>How much traffic, and how patient its clients are.</summary>
internal sealed record TrafficOptions
{
    /// <summary>The gateway's port on 127.0.0.1.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>Marks this run's orders: every order's reference begins with it.</summary>
    public required string Run { get; init; }

    /// <summary>Visits begun per second and tenant. A visit is at least one request, so requests are never fewer.</summary>
    public double VisitsPerSecond { get; init; } = 8.1;

    /// <summary>A client gives up after this long; the request has then failed.</summary>
    public TimeSpan TimeOut { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Browser sessions per host name.</summary>
    public int BrowsersPerHost { get; init; } = 2;
}
