using System.Text.Json;
using Tidegate.Cli;
using Tidegate.ControlPlane.Catalog;
using Tidegate.Server.Commands;

namespace Tidegate.IntegrationTests.Catalog;

/// <summary>The command as somebody types it.</summary>
public sealed class ReleaseValidateTests : IDisposable
{
    private readonly GateFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public ReleaseValidateTests() => folder.Module("addons", "promo", []);

    [Fact]
    public async Task A_good_release_passes_with_one_line_and_its_progress_beside_it()
    {
        Assert.Equal(ExitCodes.Done, await ValidateAsync(Folders));

        Assert.Equal("PASS  4 modules of Odoo 19.0: 0 errors, 0 warnings, 0 notes", output.ToString().TrimEnd());
        Assert.Contains("inspecting 4 of 4 modules", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_is_told_under_its_module_with_file_and_line_and_blocks()
    {
        folder.Module("addons", "promo", new() { ["__init__.py"] = "x = 1\nimport no_such_package_of_ours\n" });

        Assert.Equal(ExitCodes.Blocked, await ValidateAsync(Folders));

        Assert.Contains(
            "promo\n  error    import-missing  __init__.py:2: the release's Python has no no_such_package_of_ours\n           why:  ",
            output.ToString(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "FAIL  4 modules of Odoo 19.0: 1 error, 0 warnings",
            output.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Json_has_the_outcome_every_finding_and_the_proposed_class()
    {
        folder.Module("before", "promo", []);
        folder.Module(
            "addons",
            "promo",
            new()
            {
                ["__manifest__.py"] = GateSample.With("19.0.1.1.0", []),
                ["migrations/19.0.1.1.0/post-x.py"] = "def migrate(cr, version):\n    pass\n",
            }
        );

        Assert.Equal(ExitCodes.Done, await ValidateAsync([.. Folders, "--from", folder.At("before"), "--json"]));

        using var json = JsonDocument.Parse(output.ToString());
        Assert.Equal("pass", json.RootElement.GetProperty("outcome").GetString());
        var proposal = json.RootElement.GetProperty("proposal");
        Assert.Equal("D", proposal.GetProperty("class").GetString());
        Assert.Equal(
            "migrations/19.0.1.1.0/post-x.py",
            proposal.GetProperty("evidence")[0].GetProperty("file").GetString()
        );
    }

    [Fact]
    public async Task A_release_of_the_store_is_judged_and_a_touched_file_in_it_is_found()
    {
        var store = new BundleStore(folder.At("site/bundles"));
        var built = new BundleBuilder(store, TimeProvider.System).Build(
            new("2026.11.1", folder.At("core"), [folder.At("addons")], ReleaseNotes.None),
            _ => { },
            TestContext.Current.CancellationToken
        );
        var release = Assert.IsType<BuildResult.Built>(built).Release;
        string[] named = ["2026.11.1", "--home", folder.At("site")];
        Assert.Equal(ExitCodes.Done, await ValidateAsync(named));

        File.SetLastWriteTimeUtc(
            Path.Join(store.TreeOf(release.Digest), "addons", "promo", "__manifest__.py"),
            DateTime.UnixEpoch
        );

        Assert.Equal(ExitCodes.Blocked, await ValidateAsync(named));
        Assert.Contains("mtime-not-normalised  __manifest__.py", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_found_is_said_with_its_own_exit_code()
    {
        Assert.Equal(ExitCodes.Usage, await ValidateAsync([]));
        Assert.Equal(ExitCodes.Usage, await ValidateAsync(["2026.11.1", .. Folders]));
        Assert.Equal(ExitCodes.NotFound, await ValidateAsync(["2026.11.1", "--home", folder.At("site")]));
        Assert.Equal(
            ExitCodes.NotFound,
            await ValidateAsync([.. Folders, "--from", "2026.11.0", "--home", folder.At("site")])
        );
        Assert.Equal(ExitCodes.Blocked, await ValidateAsync(["--core", folder.At("addons")]));
        Assert.Contains("holds no Odoo", output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        folder.Dispose();
        output.Dispose();
        error.Dispose();
    }

    private string[] Folders => ["--core", folder.At("core"), "--addons", folder.At("addons")];

    private Task<int> ValidateAsync(string[] arguments) =>
        CommandLine.RunAsync(
            ["release", "validate", "--cache", folder.At("cache"), .. arguments],
            LocalCommands.All(TimeProvider.System),
            output,
            error,
            TestContext.Current.CancellationToken
        );
}
