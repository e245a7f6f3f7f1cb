using System.Collections.Immutable;
using System.Text.Json;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Configuration;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Capabilities;

/// <summary>The release's Odoo in the sandbox: asked by our script in its own interpreter, and started as a web server.</summary>
internal sealed class SandboxOdoo(Sandbox sandbox, ReleaseTree tree, string bridge, TimeProvider clock)
{
    private const string Configuration = "odoo.conf";
    private const string ServerConfiguration = "server.conf";
    private const string TenantList = "tenants.json";
    private const string Answer = "answer.json";
    private const int LongestAnswer = 64 << 20;

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    /// <summary>Writes what its processes read.</summary>
    public void Prepare()
    {
        var places = new GenerationPlaces(
            string.Join(',', tree.AddonsPaths),
            sandbox.In("odoo"),
            sandbox.Folder,
            SiteLayout.PostgresPort,
            SandboxPostgres.Role
        );
        // As the release alone would have it: without the bridge, and with the modules that it loads by itself.
        sandbox.Write(
            Configuration,
            OdooConfiguration.Text(
                GenerationSettings
                    .Of(places, workers: 0, options: null)
                    .Where(setting => setting.Name is not ("server_wide_modules" or "dbfilter"))
            )
        );
        sandbox.Write(
            ServerConfiguration,
            OdooConfiguration.Text(
                GenerationSettings.Of(
                    places with
                    {
                        AddonsPath = $"{places.AddonsPath},{bridge}",
                    },
                    workers: 1,
                    options: null
                )
            )
        );
        sandbox.Write(TenantList, $$"""{"web": ["{{SandboxPostgres.Database}}"], "cron": []}""");
    }

    /// <summary>What <c>odoo --version</c> prints.</summary>
    /// <exception cref="ProcessStartException">It does not even do that.</exception>
    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        var answer = await sandbox.RunAsync(
            Environment(),
            [SystemPython.Path, tree.Executable, "--version"],
            cancellationToken
        );
        return answer.ExitCode == 0
            ? answer.Output.Trim()
            : throw new ProcessStartException(
                $"odoo --version ended with exit code {answer.ExitCode}: {LastLine(answer.Error)}"
            );
    }

    /// <summary>Has our script ask it everything; the database is filled by that.</summary>
    /// <exception cref="ProcessStartException">There is no answer.</exception>
    public async Task<OdooFacts> AskAsync(CancellationToken cancellationToken)
    {
        await sandbox.StartAsync(
            Sandbox.Python,
            [
                SystemPython.Path,
                Path.Combine(bridge, "probe", "tidegate_probe.py"),
                "--config",
                sandbox.In(Configuration),
                "--database",
                SandboxPostgres.Database,
                "--init-log",
                sandbox.In("init.log"),
                "--answer",
                sandbox.In(Answer),
            ],
            Environment(),
            cancellationToken
        );
        var deadline = clock.GetUtcNow() + Bound;
        while (sandbox.Runs(Sandbox.Python) && clock.GetUtcNow() < deadline)
        {
            await Task.Delay(Glance, clock, cancellationToken);
        }

        var answer = new FileInfo(sandbox.In(Answer));
        if (!answer.Exists || answer.Length > LongestAnswer)
        {
            var why =
                answer.Exists ? "it says more than can be kept"
                : sandbox.Runs(Sandbox.Python) ? $"it took more than {Bound.TotalMinutes:0} minutes"
                : $"its process ended: {LastLine(sandbox.LogTailOf(Sandbox.Python))}";
            throw new ProcessStartException($"the release's Odoo did not say what it can: {why}");
        }

        try
        {
            await using var file = answer.OpenRead();
            return await JsonSerializer.DeserializeAsync<OdooFacts>(file, CatalogJson.Options, cancellationToken)
                ?? throw new ProcessStartException("the release's Odoo said nothing");
        }
        catch (JsonException unreadable)
        {
            // The release's code runs in the same process: what it wrote there is not ours.
            throw new ProcessStartException(
                $"the release's Odoo said what cannot be read: {unreadable.Message}",
                unreadable
            );
        }
    }

    /// <summary>Starts a web server as a pool's generation has it, the bridge included.</summary>
    public Task StartServerAsync(GenerationPorts ports, CancellationToken cancellationToken) =>
        sandbox.StartAsync(
            Sandbox.Odoo,
            [
                SystemPython.Path,
                tree.Executable,
                "--config",
                sandbox.In(ServerConfiguration),
                FormattableString.Invariant($"--http-port={ports.Http}"),
                FormattableString.Invariant($"--gevent-port={ports.Evented}"),
            ],
            Environment(),
            cancellationToken
        );

    private ImmutableDictionary<string, string> Environment() =>
        OdooEnvironment
            .Of(tree, sandbox.Folder, sandbox.In("pycache"))
            .SetItem("TIDEGATE_BRIDGE_FILE", sandbox.In(TenantList));

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last]
            ? last
            : "it printed nothing";
}
