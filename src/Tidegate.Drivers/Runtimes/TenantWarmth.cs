using System.Net;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Makes every process of a generation load a tenant before its users come, and counts those that have.</summary>
internal sealed partial class TenantWarmth(SitePostgres site, GenerationHttp http, TimeProvider clock)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>A wrong answer is believed when it is given again after this.</summary>
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(1);

    /// <summary>Processes beside the workers that load the tenant.</summary>
    private const int Evented = 1;

    /// <summary>Null when all workers and the evented process serve the tenant and its log-in page is whole; otherwise what is wrong.</summary>
    public async Task<string?> WarmAsync(
        UpgradeTarget target,
        GenerationPorts ports,
        CancellationToken cancellationToken
    )
    {
        var deadline = clock.GetUtcNow() + Bound;
        var isDoubtful = false;
        while (true)
        {
            var (complaint, page) = await AskAsync(target, ports, cancellationToken);
            if (complaint is null && await ConnectedAsync(target, cancellationToken) >= target.Workers + Evented)
            {
                return await AssetsAsync(target, ports, page, cancellationToken);
            }

            // Where a process fails to open a database or its registry once, Odoo answers that one request as if there
            // were none ("Database or registry unusable, trying without", odoo/http.py), and tries again with the next.
            if (complaint is not null && isDoubtful)
            {
                return complaint;
            }

            if (clock.GetUtcNow() > deadline)
            {
                return complaint
                    ?? $"not all {target.Workers} workers of the new release have loaded {target.Tenant} within {Bound.TotalSeconds:0} s";
            }

            isDoubtful = complaint is not null;
            await Task.Delay(isDoubtful ? SecondLook : Pause, clock, cancellationToken);
        }
    }

    /// <summary>Asks all processes at the same moment: a worker that is busy loading takes no second request, so each gets one.</summary>
    private async Task<(string? Complaint, string Page)> AskAsync(
        UpgradeTarget target,
        GenerationPorts ports,
        CancellationToken cancellationToken
    )
    {
        var evented = EventedAsync(target, ports, cancellationToken);
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, target.Workers)
                .Select(_ => GetAsync(target, ports.Http, "/web/login", cancellationToken))
        );
        var bad = answers.FirstOrDefault(answer => answer.Status is not HttpStatusCode.OK);
        return (
            await evented
                ?? (
                    bad.Body is null
                        ? null
                        : $"/web/login of {target.Tenant} answers {(int)bad.Status} on the new release"
                ),
            answers[0].Body
        );
    }

    /// <summary>Processes with a connection to the tenant's database: each calls itself <c>odoo-&lt;pid&gt;</c>.</summary>
    private async Task<long> ConnectedAsync(UpgradeTarget target, CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        return await session.ScalarAsync<long>(
            "select count(distinct application_name) from pg_stat_activity where datname = $1 and usename = $2",
            [target.Database, DatabaseNames.Generation(target.Pool, target.To.Digest)],
            cancellationToken
        );
    }

    private async Task<string?> EventedAsync(
        UpgradeTarget target,
        GenerationPorts ports,
        CancellationToken cancellationToken
    )
    {
        var (status, _) = await GetAsync(target, ports.Evented, "/websocket/health", cancellationToken);
        return status is HttpStatusCode.OK
            ? null
            : $"/websocket/health of {target.Tenant} answers {(int)status} on the new release";
    }

    /// <summary>Style and script bundles are made when they are first asked for; so they are asked for now.</summary>
    private async Task<string?> AssetsAsync(
        UpgradeTarget target,
        GenerationPorts ports,
        string page,
        CancellationToken cancellationToken
    )
    {
        var complaints = await Task.WhenAll(
            AssetPath()
                .Matches(page)
                .Select(match => match.Groups["path"].Value)
                .Distinct(StringComparer.Ordinal)
                .Select(path => AssetAsync(target, ports, path, cancellationToken))
        );
        return complaints.FirstOrDefault(complaint => complaint is not null);
    }

    private async Task<string?> AssetAsync(
        UpgradeTarget target,
        GenerationPorts ports,
        string path,
        CancellationToken cancellationToken
    )
    {
        var (status, _) = await GetAsync(target, ports.Http, WebUtility.HtmlDecode(path), cancellationToken);
        return status is HttpStatusCode.OK
            ? null
            : $"{path}, which the log-in page of {target.Tenant} needs, answers {(int)status} on the new release";
    }

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(
        UpgradeTarget target,
        int port,
        string path,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            FormattableString.Invariant($"http://127.0.0.1:{port}{path}")
        );
        var host = target.Hosts[0];
        request.Headers.Host = host;
        request.Headers.Add("X-Forwarded-Host", host);
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-For", "127.0.0.1");
        request.Headers.Add("X-Tidegate-Database", target.Database);
        using var answer = await http.Client.SendAsync(request, cancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    [GeneratedRegex(
        "(?:href|src|data-src)=\"(?<path>/web/assets/[^\"]+)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex AssetPath();
}
