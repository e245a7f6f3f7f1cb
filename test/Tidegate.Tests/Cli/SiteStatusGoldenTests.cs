using Tidegate.Cli;
using Tidegate.Drivers.Sites;
using Tidegate.Server.Commands;
using Tidegate.TestKit;

namespace Tidegate.Tests.Cli;

/// <summary>What <c>tidegate site status</c> and its refusals print.</summary>
public sealed class SiteStatusGoldenTests
{
    private static readonly DateTimeOffset Since = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_site_of_which_one_process_is_gone()
    {
        var writer = new StringWriter();

        SiteCommand.Print(
            writer,
            new SiteStatus(
                "/srv/tidegate",
                "degraded",
                "http://127.0.0.1:8080",
                "unix:/srv/tidegate/run/tidegate.sock",
                [
                    new("control-plane", Wanted: true, 17, Since, "/srv/tidegate/run/tidegate.sock", "server/log"),
                    new("gateway", Wanted: true, 23, Since, "127.0.0.1:8080", "gateway/log"),
                    new("postgres", Wanted: true, Pid: null, StartedAt: null, "postgres/socket", "postgres/log"),
                    new("shared-11111111-web", Wanted: false, 42, Since, Detail: null, Log: null),
                ],
                "oslo",
                "/srv/first"
            )
        );

        Golden.Matches("site-status.txt", writer.ToString());
    }

    [Theory]
    [InlineData("site-down.txt")]
    [InlineData("site-down.json", "--json")]
    public async Task A_folder_in_which_no_site_runs(string golden, params string[] more)
    {
        var home = Directory.CreateTempSubdirectory("tg-none-").FullName;

        var transcript = await RunAsync(["site", "status", "--home", home, .. more]);
        Directory.Delete(home, recursive: true);

        Golden.Matches(golden, transcript.Replace(home, "HOME", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("site-up-refused.txt")]
    [InlineData("site-up-refused.json", "--json")]
    public async Task A_home_that_cannot_be_one(string golden, params string[] more) =>
        Golden.Matches(golden, await RunAsync(["site", "up", "--home", $"/tmp/{new string('x', 80)}", .. more]));

    private static async Task<string> RunAsync(string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(
            arguments,
            LocalCommands.All(TimeProvider.System),
            output,
            error,
            TestContext.Current.CancellationToken
        );
        return $"{output}{error}exit code {exit}\n";
    }
}
