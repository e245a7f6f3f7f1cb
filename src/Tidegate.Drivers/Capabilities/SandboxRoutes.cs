using System.Collections.Immutable;
using System.Text;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Capabilities;

/// <summary>Asks a web server of the sandbox what rollouts ask of one, as a visitor who is not logged in.</summary>
internal sealed class SandboxRoutes(Sandbox sandbox, SandboxOdoo odoo, HttpClient http, TimeProvider clock)
{
    private const int Attempts = 2;
    private const int LongestBody = 200;
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    public async Task<ServerFacts> AskAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            // A port that was free may be somebody else's by the time that Odoo takes it: hence twice.
            var ports = PortChoice.Choose(null, new HashSet<int>(), Random.Shared);
            var began = clock.GetTimestamp();
            var problem = await StartAsync(ports, cancellationToken);
            if (problem is null || attempt == Attempts)
            {
                var took = clock.GetElapsedTime(began).TotalSeconds;
                var routes = problem is null ? await RoutesAsync(ports, cancellationToken) : [];
                await sandbox.StopAsync(Sandbox.Odoo, cancellationToken);
                return new(routes, problem, took);
            }

            await sandbox.StopAsync(Sandbox.Odoo, cancellationToken);
        }
    }

    private async Task<string?> StartAsync(GenerationPorts ports, CancellationToken cancellationToken)
    {
        try
        {
            await odoo.StartServerAsync(ports, cancellationToken);
        }
        catch (ProcessStartException ended)
        {
            return ended.Message;
        }

        var deadline = clock.GetUtcNow() + StartBound;
        // Whatever it answers: whether that is right is the next question.
        while (
            await GetAsync(ports.Http, "/web/health", null, cancellationToken) is (null, _)
            || await GetAsync(ports.Evented, "/web/health", null, cancellationToken) is (null, _)
        )
        {
            if (!sandbox.Runs(Sandbox.Odoo) || clock.GetUtcNow() > deadline)
            {
                return $"no answer; its log ends with: {sandbox.LogTailOf(Sandbox.Odoo)}";
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }

        return null;
    }

    private async Task<ImmutableArray<RouteAnswer>> RoutesAsync(
        GenerationPorts ports,
        CancellationToken cancellationToken
    )
    {
        const string tenant = SandboxPostgres.Database;
        return
        [
            await NamedAsync("GET /web/health", ports.Http, null, cancellationToken),
            await NamedAsync("GET /web/health (evented)", ports.Evented, null, cancellationToken),
            await NamedAsync("GET /web/health (tenant)", ports.Http, tenant, cancellationToken),
            await NamedAsync("GET /websocket/health (evented)", ports.Evented, tenant, cancellationToken),
            await NamedAsync("POST /json/2/res.users/context_get", ports.Http, tenant, cancellationToken),
            await NamedAsync("GET /web/login", ports.Http, tenant, cancellationToken),
        ];
    }

    private async Task<RouteAnswer> NamedAsync(
        string name,
        int port,
        string? tenant,
        CancellationToken cancellationToken
    )
    {
        var words = name.Split(' ');
        var (status, body) = await SendAsync(new(words[0]), port, words[1], tenant, cancellationToken);
        return new(name, status, body);
    }

    private Task<(int? Status, string Body)> GetAsync(
        int port,
        string path,
        string? tenant,
        CancellationToken cancellationToken
    ) => SendAsync(HttpMethod.Get, port, path, tenant, cancellationToken);

    private async Task<(int? Status, string Body)> SendAsync(
        HttpMethod method,
        int port,
        string path,
        string? tenant,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(
            method,
            FormattableString.Invariant($"http://127.0.0.1:{port}{path}")
        );
        if (tenant is not null)
        {
            request.Headers.Add("X-Tidegate-Database", tenant);
        }

        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(AnswerBound);
        try
        {
            using var answer = await http.SendAsync(request, bound.Token);
            var body = await answer.Content.ReadAsStringAsync(bound.Token);
            return ((int)answer.StatusCode, body.Length > LongestBody ? body[..LongestBody] : body);
        }
        catch (HttpRequestException silent)
        {
            return (null, silent.Message); // not listening, or it hung up
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"nothing within {AnswerBound.TotalSeconds:0} s");
        }
    }
}
