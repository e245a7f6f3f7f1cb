using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>
/// Another Odoo on the shop's live database, started by hand beside the site: the old release's code, the pool's OS
/// user, the old generation's role, no bridge; requests in threads, and a thread for scheduled jobs. Nobody of the site
/// knows of it.
/// </summary>
internal sealed class StrayServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly string _log;

    private StrayServer(Process process, int port, string log)
    {
        _process = process;
        _log = log;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>What its sessions call themselves.</summary>
    public string ApplicationName => string.Create(CultureInfo.InvariantCulture, $"odoo-{_process.Id}");

    public bool Lives => !_process.HasExited;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<StrayServer> StartAsync(WholeSite site, Generation old)
    {
        var port = FreePort.Find();
        var log = Path.Combine(site.Layout.Home, "stray.log");
        var configuration = Path.Combine(site.Layout.PoolData(new PoolName("shared")), "stray.conf");
        File.Copy(old.Configuration, configuration, overwrite: true);
        await Demo.Shops.Tool.RunAsync("chmod", ["0644", configuration], Token);
        string[] odoo =
        [
            .. ProcessTable.Arguments(old.Web)[..2],
            "--config",
            configuration,
            "--load=base,rpc,web",
            "--db-filter=.*",
            $"--database={WholeSite.Database}",
            "--workers=0",
            "--max-cron-threads=1",
            $"--http-port={port}",
        ];
        var start = AsPool([.. odoo, $"--logfile="]);
        foreach (var variable in await EnvironmentAsync(old.Web))
        {
            start.Environment[variable.Key] = variable.Value;
        }

        var stray = new StrayServer(Process.Start(start)!, port, log);
        stray.Collect();
        await Eventually.IsTrueAsync(stray.AnswersAsync, "the stray Odoo answers");
        return stray;
    }

    /// <summary>A command as the pool's OS user, whom PostgreSQL takes for the pool's roles.</summary>
    public static ProcessStartInfo AsPool(IEnumerable<string> command)
    {
        var user = OsUser.OfPool(new PoolName("shared"));
        string[] whole = Native.IsRoot
            ? ["/usr/bin/setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups", "--", .. command]
            : [.. command];
        return new ProcessStartInfo(whole[0], whole[1..])
        {
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    /// <summary>A call over <c>/jsonrpc</c>, which needs no session; null when it was not answered with a result.</summary>
    public async Task<JsonNode?> TryAsync(int user, string password, string model, string method, JsonArray args)
    {
        var call = new JsonObject
        {
            ["service"] = "object",
            ["method"] = "execute_kw",
            ["args"] = new JsonArray(WholeSite.Database, user, password, model, method, args),
        };
        try
        {
            using var response = await _http.PostAsync("/jsonrpc", ShopVisitor.Call(call), Token);
            return response.IsSuccessStatusCode
                ? JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))?["result"]
                : null;
        }
        catch (HttpRequestException)
        {
            return null; // no answer is no acknowledgement
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None); // it has been killed: this is short
        }

        _process.Dispose();
    }

    /// <summary>The generation's own environment, but for what makes a process one of the site's.</summary>
    private static async Task<IEnumerable<KeyValuePair<string, string>>> EnvironmentAsync(int generation) =>
        Encoding
            .UTF8.GetString(await File.ReadAllBytesAsync($"/proc/{generation}/environ", Token))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(entry => !entry.StartsWith("TIDEGATE_", StringComparison.Ordinal))
            .Select(entry => entry.Split('=', 2))
            .Select(entry => KeyValuePair.Create(entry[0], entry[1]));

    private async Task<bool> AnswersAsync()
    {
        Assert.True(Lives, $"the stray Odoo ended: {_log}");
        try
        {
            using var response = await _http.GetAsync("/web/health", Token);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }

    private void Collect()
    {
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Keep(string? line)
        {
            lock (_log)
            {
                File.AppendAllText(_log, line + "\n");
            }
        }
    }
}
