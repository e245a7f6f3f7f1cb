using Tidegate.Cli;
using Tidegate.ControlPlane.DesiredState.Reading;
using Tidegate.Server.Commands;
using Tidegate.TestKit;

namespace Tidegate.Tests.Cli;

/// <summary>What <c>tidegate fleet init|validate|render|diff</c> print.</summary>
public sealed class FleetGoldenTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tg-golden-").FullName;

    public FleetGoldenTests()
    {
        foreach (var fleet in new[] { "good", "broken", "other" })
        {
            foreach (var (path, text) in ExampleFleet.Files)
            {
                Put(fleet, path, text);
            }
        }

        Put("broken", "pools/shared.yaml", "site: locale\nenvironment: production\nworker: 2\n");
        Put("broken", "tenants/shop-rome.yaml", "pool: shared\n  database: shop_rome\n");
        Put(
            "other",
            "pools/shared.yaml",
            "site: local\nenvironment: production\nworkers: 8\noptions: {limit_request: 5000}\n"
        );
        Put("other", "sites/rome.yaml", "{}\n");
        File.Delete(Path.Join(folder, "other", "tenants", "shop-oslo.yaml"));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("fleet-init.txt", "init", "FOLDER/new")]
    [InlineData("fleet-init-refused.txt", "init", "FOLDER/good")]
    [InlineData("fleet-valid.txt", "validate", "FOLDER/good")]
    [InlineData("fleet-valid.json", "validate", "FOLDER/good", "--json")]
    [InlineData("fleet-broken.txt", "validate", "FOLDER/broken")]
    [InlineData("fleet-broken.json", "validate", "FOLDER/broken", "--json")]
    [InlineData("fleet-nowhere.txt", "validate", "FOLDER/nowhere")]
    [InlineData("fleet-render.txt", "render", "FOLDER/good")]
    [InlineData("fleet-render-tenant.json", "render", "FOLDER/good", "--tenant", "shop-oslo", "--json")]
    [InlineData("fleet-render-unknown.txt", "render", "FOLDER/good", "--tenant", "shop-osl")]
    [InlineData("fleet-render-broken.txt", "render", "FOLDER/broken")]
    [InlineData("fleet-diff.txt", "diff", "FOLDER/good", "FOLDER/other")]
    [InlineData("fleet-diff.json", "diff", "FOLDER/good", "FOLDER/other", "--json")]
    [InlineData("fleet-diff-none.txt", "diff", "FOLDER/good", "FOLDER/good")]
    public async Task A_fleet_in_files(string golden, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(
            ["fleet", .. arguments.Select(each => each.Replace("FOLDER", folder, StringComparison.Ordinal))],
            LocalCommands.All(TimeProvider.System),
            output,
            error,
            TestContext.Current.CancellationToken
        );

        Golden.Matches(
            golden,
            $"{output}{error}exit code {exit}\n".Replace(folder, "FOLDER", StringComparison.Ordinal)
        );
    }

    private void Put(string fleet, string path, string text)
    {
        var file = Path.Join(folder, fleet, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
