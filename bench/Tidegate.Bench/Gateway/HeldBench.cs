using System.Diagnostics;

namespace Tidegate.Bench.Gateway;

/// <summary>Ten thousand requests, with and without a body, held and let go.</summary>
internal static class HeldBench
{
    private const int Requests = 10_000;

    public static async Task MeasureAsync(Figures figures, CancellationToken cancellationToken)
    {
        await using var upstream = await Upstream.StartCountingAsync(cancellationToken);
        await using var gateway = await BenchGateway.StartAsync(upstream.Port, cancellationToken);
        using var users = CreateUsers();
        await Wrk.RunAsync(gateway.Port, connections: 64, seconds: 4, cancellationToken);
        upstream.Asked.Clear();

        figures["idle_rss_mb"] = gateway.Process.ResidentMegabytes;
        await gateway.HoldAsync(cancellationToken);
        var holding = Stopwatch.StartNew();
        var answers = Enumerable
            .Range(0, Requests)
            .Select(number => AskAsync(users, gateway.Port, number, cancellationToken))
            .ToArray();
        await UntilAllAreHeldAsync(gateway, cancellationToken);
        figures["hold_s"] = holding.Elapsed.TotalSeconds;
        figures["held_rss_mb"] = gateway.Process.ResidentMegabytes;

        var releasing = Stopwatch.StartNew();
        await gateway.ReleaseAsync(cancellationToken);
        var answered = (await Task.WhenAll(answers)).Count(isAnswered => isAnswered);
        figures["release_s"] = releasing.Elapsed.TotalSeconds;
        figures["held_lost"] = Requests - Math.Min(answered, upstream.Asked.Count);
        figures["held_doubled"] = upstream.Asked.Values.Count(count => count > 1);
    }

    private static async Task<bool> AskAsync(
        HttpClient users,
        int port,
        int number,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/{number}");
        request.Headers.Host = BenchGateway.Host;
        if (number % 2 == 1)
        {
            request.Method = HttpMethod.Post;
            request.Content = new ByteArrayContent(new byte[300]);
        }

        try
        {
            using var response = await users.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // counted as lost
        }
    }

    private static async Task UntilAllAreHeldAsync(BenchGateway gateway, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await gateway.HeldAsync(bound.Token) < Requests)
        {
            await pause.WaitForNextTickAsync(bound.Token);
        }
    }

    private static HttpClient CreateUsers() =>
        new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = int.MaxValue })
        {
            Timeout = TimeSpan.FromMinutes(2),
        };
}
