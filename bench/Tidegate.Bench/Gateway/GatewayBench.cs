namespace Tidegate.Bench.Gateway;

/// <summary>Gateway and nginx beside each other, before the same upstream, in turns; medians of the turns.</summary>
/// <remarks>Load generator, upstream and proxies share the cores: the CPU time per request is the steadier figure.</remarks>
internal static class GatewayBench
{
    private const int Rounds = 7;
    private const int Seconds = 3;
    private const int WarmUpSeconds = 8;

    public static async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        var figures = new Figures();
        await MeasureThroughputAsync(figures, cancellationToken);
        await MeasureSlowUpstreamAsync(figures, cancellationToken);
        await HeldBench.MeasureAsync(figures, cancellationToken);
        return figures;
    }

    private static async Task MeasureThroughputAsync(Figures figures, CancellationToken cancellationToken)
    {
        var port = BenchProcess.FreePort();
        await using var upstream = await Nginx.StartUpstreamAsync(port, cancellationToken);
        var turns = await TakeTurnsAsync(port, connections: 64, cancellationToken);

        figures["throughput_ratio"] = Figures.Median(
            turns.Select(turn => turn.Ours.RequestsPerSecond / turn.Nginx.RequestsPerSecond)
        );
        figures["cpu_us_per_request"] = Figures.Median(turns.Select(turn => turn.OurCpu));
        figures["nginx_cpu_us_per_request"] = Figures.Median(turns.Select(turn => turn.NginxCpu));
        figures["requests_per_s"] = Figures.Median(turns.Select(turn => turn.Ours.RequestsPerSecond));
        figures["p99_ms"] = Figures.Median(turns.Select(turn => turn.Ours.P99Milliseconds));
        figures["nginx_p99_ms"] = Figures.Median(turns.Select(turn => turn.Nginx.P99Milliseconds));
    }

    private static async Task MeasureSlowUpstreamAsync(Figures figures, CancellationToken cancellationToken)
    {
        await using var upstream = await Upstream.StartSlowAsync(TimeSpan.FromMilliseconds(5), cancellationToken);
        var turns = await TakeTurnsAsync(upstream.Port, connections: 16, cancellationToken);

        figures["slow_upstream_ratio"] = Figures.Median(
            turns.Select(turn => turn.Ours.RequestsPerSecond / turn.Nginx.RequestsPerSecond)
        );
        figures["added_p99_ms"] =
            Figures.Median(turns.Select(turn => turn.Ours.P99Milliseconds))
            - Figures.Median(turns.Select(turn => turn.Nginx.P99Milliseconds));
    }

    private static async Task<List<Turn>> TakeTurnsAsync(
        int upstream,
        int connections,
        CancellationToken cancellationToken
    )
    {
        var port = BenchProcess.FreePort();
        await using var nginx = await Nginx.StartProxyAsync(port, upstream, cancellationToken);
        await using var gateway = await BenchGateway.StartAsync(upstream, cancellationToken);
        await Wrk.RunAsync(gateway.Port, connections, WarmUpSeconds, cancellationToken);
        await Wrk.RunAsync(port, connections, seconds: 2, cancellationToken);

        var turns = new List<Turn>();
        for (var round = 0; round < Rounds; round++)
        {
            var (theirs, theirCpu) = await MeasureAsync(nginx.Process, port);
            var (ours, ourCpu) = await MeasureAsync(gateway.Process, gateway.Port);
            turns.Add(new Turn(ours, theirs, ourCpu, theirCpu));
        }

        return turns;

        async Task<(WrkRun Run, double CpuMicroseconds)> MeasureAsync(BenchProcess process, int target)
        {
            var before = process.Cpu;
            var run = await Wrk.RunAsync(target, connections, Seconds, cancellationToken);
            return (run, (process.Cpu - before).TotalMicroseconds / run.Requests);
        }
    }

    private sealed record Turn(WrkRun Ours, WrkRun Nginx, double OurCpu, double NginxCpu);
}
