namespace Tidegate.Gateway.Metering;

/// <summary>What one generation did for one tenant, as the gateway saw it.</summary>
internal sealed class RouteMeter(string generation)
{
    private readonly long[] rpcErrors = new long[Enum.GetValues<RpcErrorClass>().Length];
    private long requests;
    private long errors;

    public string Generation => generation;

    public LatencyHistogram Latency { get; } = new();

    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Answers with status 500 and above, the gateway's own 502 and 504 included, its maintenance page not.</summary>
    public long Errors => Interlocked.Read(ref errors);

    /// <summary>Requests that failed and no user caused it.</summary>
    public long ServerFaults => Errors + RpcErrors(RpcErrorClass.Server);

    public long RpcErrors(RpcErrorClass kind) => Interlocked.Read(ref rpcErrors[(int)kind]);

    public void Answered(int status, TimeSpan duration)
    {
        Interlocked.Increment(ref requests);
        if (status >= 500)
        {
            Interlocked.Increment(ref errors);
        }

        Latency.Add(duration);
    }

    public void RpcFailed(RpcErrorClass kind) => Interlocked.Increment(ref rpcErrors[(int)kind]);
}
