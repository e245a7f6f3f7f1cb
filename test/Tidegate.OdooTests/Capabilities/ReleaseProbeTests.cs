using System.Diagnostics;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Capabilities;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Capabilities;

/// <summary>Odoo 19 run in the sandbox: what the record says is what somebody sees who looks by hand.</summary>
public sealed class ReleaseProbeTests : IAsyncLifetime
{
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-probe-").FullName);
    private readonly GenerationHttp _http = new();

    private ProcessLauncher Launcher => new(_layout.Home, _layout.Run, TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Odoo_19_is_as_it_is_known_to_be_and_the_record_says_what_can_be_seen()
    {
        var release = await BuildAsync("1", Repository.At("samples", "addons", "2026.11.1"));
        var watch = Stopwatch.StartNew();

        var record = await RecordAsync(release);

        TestContext.Current.SendDiagnosticMessage(
            $"run in {watch.Elapsed.TotalSeconds:0.0} s: {string.Join(", ", record.Odoo.Seconds)}; server {record.Server.StartSeconds:0.0}"
        );
        var proven = Assert.IsType<CapabilityVerdict.Proven>(Judge(record));
        Assert.All(
            proven.Notes,
            note => Assert.Contains(note.Code, (string[])["dependency-missing", "neutralisation-incomplete"])
        );
        Assert.Empty(record.Odoo.Undetermined);
        Assert.Equal("Odoo Server 19.0", record.Version);

        var help = await ByHandAsync("server", "--help");
        var shown = help.Split([' ', ',', '=', '\n', '[', ']', '(', ')', '"'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.StartsWith("--", StringComparison.Ordinal) && word.Length > 3)
            .Select(word => word.TrimEnd('.', ';', ':'))
            .ToHashSet(StringComparer.Ordinal);
        var known = record.Odoo.Options!.Value.SelectMany(option => option.Flags).ToList();
        Assert.Empty(known.Where(flag => flag.StartsWith("--", StringComparison.Ordinal)).Except(shown));
        Assert.Contains("--db_maxconn_gevent", known);

        var commands = await ByHandAsync("help");
        Assert.All(
            record.Odoo.Commands!.Value,
            command => Assert.Contains($"    {command.Name} ", commands, StringComparison.Ordinal)
        );
        Assert.Equal(release.Bundle.Modules.Length, record.Odoo.Addons!.Value.Length);
        Assert.All(
            record.Odoo.Addons.Value,
            addon => Assert.Equal(release.Bundle.Find(addon.Name)!.Checksum, addon.Checksum)
        );
        Assert.Contains("bus", record.Odoo.Loading!.Installed);
        Assert.Contains("base", record.Odoo.Neutralisation!.Scripts);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task A_release_that_was_changed_deviates_in_what_was_changed()
    {
        Module(
            "quiet_health",
            "{'name': 'quiet', 'version': '1.0', 'depends': ['web'], 'auto_install': True, 'license': 'LGPL-3'}",
            """
            from odoo import http
            from odoo.addons.web.controllers.home import Home


            class Quiet(Home):
                @http.route()
                def health(self, db_server_status=False):
                    raise http.request.not_found()
            """
        );
        Module(
            "lacking",
            "{'name': 'lacking', 'version': '1.0', 'depends': ['base'], 'license': 'LGPL-3', 'external_dependencies': {'python': ['tidegate_no_such_package']}}",
            ""
        );
        var release = await BuildAsync("1", Path.Join(_layout.Home, "addons"));
        RenameOption(release, "\"--limit-memory-soft\"", "\"--limit-memory-weak\"");

        var record = await RecordAsync(release);

        var deviates = Assert.IsType<CapabilityVerdict.Deviates>(Judge(record));
        Assert.Equal(
            [
                "dependency-missing: python dependency tidegate_no_such_package of lacking",
                "option-missing: option --limit-memory-soft",
                "route-missing: GET /web/health (tenant)",
            ],
            deviates
                .Findings.Where(finding => finding.Matters)
                .Select(finding => $"{finding.Code}: {finding.Subject}")
                .Order(StringComparer.Ordinal)
        );
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task A_release_that_cannot_be_run_says_why_and_one_that_is_told_to_stop_stops_and_both_leave_nothing()
    {
        var release = await BuildAsync("1", Repository.At("samples", "addons", "2026.11.1"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = new ReleaseProbe(_layout, Launcher, _http, TimeProvider.System).RunAsync(
            release.Digest,
            stop.Token
        );
        while (Launcher.Find(Sandbox.Python) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        AssertNothingIsLeft();

        Break(release, "odoo/tools/config.py", _ => "raise RuntimeError('not today')\n");
        var failed = Assert.IsType<ProbeOutcome.Failed>(await RunAsync(release.Digest));
        Assert.Contains("not today", failed.Reason, StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    public ValueTask InitializeAsync()
    {
        Folder.Passage(_layout.Home);
        Folder.Private(_layout.Run);
        Folder.Readable(_layout.Bridge);
        Folder.Readable(_layout.Bundles);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        Directory.Delete(_layout.Home, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static CapabilityVerdict Judge(CapabilityRecord record) =>
        CapabilityVerdict.Of(new(record.Digest, false, record, null, null, null, "test", null));

    private async Task<CapabilityRecord> RecordAsync(ReleaseManifest release)
    {
        var outcome = await RunAsync(release.Digest);
        return outcome is ProbeOutcome.Made made ? made.Record : throw new InvalidOperationException($"{outcome}");
    }

    private Task<ProbeOutcome> RunAsync(ReleaseDigest digest) =>
        new ReleaseProbe(_layout, Launcher, _http, TimeProvider.System).RunAsync(digest, Token);

    private async Task<ReleaseManifest> BuildAsync(string name, params string[] addons)
    {
        var odoo = (await Repository.EngAsync("where", "odoo"))[0];
        var built = (await RealReleases.BuilderAsync(_layout.Bundles)).Build(
            new(name, odoo, [.. addons], ReleaseNotes.None),
            _ => { },
            Token
        );
        return Assert.IsType<BuildResult.Built>(built).Release;
    }

    private void Module(string name, string manifest, string controller)
    {
        var folder = Directory.CreateDirectory(Path.Join(_layout.Home, "addons", name)).FullName;
        File.WriteAllText(Path.Join(folder, "__manifest__.py"), manifest);
        File.WriteAllText(Path.Join(folder, "__init__.py"), controller.Length > 0 ? "from . import controller\n" : "");
        File.WriteAllText(Path.Join(folder, "controller.py"), controller);
    }

    private void RenameOption(ReleaseManifest release, string from, string to) =>
        Break(
            release,
            "odoo/tools/config.py",
            text =>
            {
                Assert.Contains(from, text, StringComparison.Ordinal);
                return text.Replace(from, to, StringComparison.Ordinal);
            }
        );

    /// <summary>Changes a file of a built bundle. The file is replaced: its content is shared with other stores.</summary>
    private void Break(ReleaseManifest release, string file, Func<string, string> change)
    {
        var tree = new BundleStore(_layout.Bundles).TreeOf(release.Digest);
        var path = Path.Join(tree, release.Bundle.Odoo.PythonPath, file);
        var text = change(File.ReadAllText(path));
        File.Delete(path);
        File.WriteAllText(path, text);
        var name = Path.GetFileNameWithoutExtension(path);
        foreach (var compiled in Directory.GetFiles(Path.Join(Path.GetDirectoryName(path), "__pycache__"), $"{name}.*"))
        {
            File.Delete(compiled);
        }
    }

    /// <summary>What Odoo prints to somebody on a terminal.</summary>
    private static async Task<string> ByHandAsync(params string[] arguments)
    {
        var odoo = new OdooTree((await Repository.EngAsync("where", "odoo"))[0]);
        var start = new ProcessStartInfo("/usr/bin/python3", [odoo.Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        start.Environment["PYTHONPATH"] = odoo.Packages;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Token);
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }

    private void AssertNothingIsLeft()
    {
        Assert.Empty(Launcher.Names());
        Assert.False(Directory.Exists(_layout.Sandbox));
    }
}
