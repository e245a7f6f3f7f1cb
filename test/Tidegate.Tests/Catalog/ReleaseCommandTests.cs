using System.Text.Json;
using Tidegate.Cli;
using Tidegate.Server.Commands;

namespace Tidegate.Tests.Catalog;

public sealed class ReleaseCommandTests : IDisposable
{
    private readonly CatalogFolder folder = new CatalogFolder().WithShop();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    [Fact]
    public async Task Build_writes_the_release_to_the_output_and_its_progress_beside_it()
    {
        Assert.Equal(ExitCodes.Done, await RunAsync(Build("--json")));

        using var release = JsonDocument.Parse(output.ToString());
        Assert.Equal("2026.11.2", release.RootElement.GetProperty("name").GetString());
        Assert.Contains("hashing", error.ToString(), StringComparison.Ordinal);

        output.GetStringBuilder().Clear();
        Assert.Equal(ExitCodes.Done, await RunAsync("show", "2026.11.2", "--home", folder.At("site")));
        Assert.StartsWith("release    2026.11.2", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotFound, await RunAsync("show", "2026.11.3", "--home", folder.At("site")));
    }

    [Theory]
    [InlineData("{'depends': ['nowhere']}", "__manifest__.py:1:14: depends on \"nowhere\"")]
    [InlineData("{'depends': [", "__manifest__.py:1:14: ")]
    [InlineData("{'version': '17.0.1.0.0'}", "is made for another series")]
    public async Task A_wrong_addon_is_refused_in_one_sentence(string manifest, string sentence)
    {
        folder.Module("addons/promo", manifest);

        Assert.Equal(ExitCodes.Blocked, await RunAsync(Build()));

        Assert.Contains(sentence, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
        Assert.Equal(ExitCodes.NotFound, await RunAsync("show", "2026.11.2", "--home", folder.At("site")));
    }

    [Fact]
    public async Task A_core_that_is_no_Odoo_is_a_wrong_argument()
    {
        File.Delete(folder.At("core/odoo/release.py"));

        Assert.Equal(ExitCodes.Usage, await RunAsync(Build()));
        Assert.Contains("holds no Odoo", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notes_are_read_strictly()
    {
        var notes = folder.Write("notes.json", "{\"declaredPriceChanges\": [\"SKU-1\"],\n \"prices\": []}");

        Assert.Equal(ExitCodes.Usage, await RunAsync(Build("--notes", notes)));
        Assert.Contains($"{notes}:2:", error.ToString(), StringComparison.Ordinal);

        folder.Write("notes.json", "{\"declaredPriceChanges\": [\"SKU-1\"]}");
        Assert.Equal(ExitCodes.Done, await RunAsync(Build("--notes", notes, "--json")));
        Assert.Contains("SKU-1", output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        folder.Dispose();
        output.Dispose();
        error.Dispose();
    }

    private string[] Build(params string[] more) =>
        [
            "build",
            "--name",
            "2026.11.2",
            "--home",
            folder.At("site"),
            "--core",
            folder.Core,
            "--addons",
            folder.Addons,
            .. more,
        ];

    private Task<int> RunAsync(params string[] arguments) =>
        CommandLine.RunAsync(
            ["release", .. arguments],
            LocalCommands.All(TimeProvider.System),
            output,
            error,
            TestContext.Current.CancellationToken
        );
}
