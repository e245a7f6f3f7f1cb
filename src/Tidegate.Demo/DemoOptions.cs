using System.CommandLine;
using System.CommandLine.Help;

namespace Tidegate.Demo;

/// <summary>What <c>./demo</c> was asked for.</summary>
/// <param name="Json">Where the report goes, or null.</param>
/// <param name="Keep">Where to write how to use the site, which then stays up; or null.</param>
/// <param name="Releases">A folder of further releases to roll out after the story, or null.</param>
/// <param name="Home">The site's home; null for a fresh folder that is removed at the end.</param>
internal sealed record DemoOptions(
    FileInfo? Json,
    FileInfo? Keep,
    DirectoryInfo? Releases,
    DirectoryInfo? Home,
    StoryName Story = StoryName.Cutover
)
{
    private const string Cutover = "cutover";
    private const string Promotion = "releases";
    private const string Protection = "protection";
    private const string Governance = "governance";

    private const string About = """
        Takes real Odoo shops under traffic through good and bad releases.

        Example:
          ./demo --json /tmp/demo.json --keep /tmp/demo-site.json

        Ends with 0 when the story came out as told, 1 when it did not, 130 when interrupted. Nothing runs afterwards
        unless --keep asked for it.
        """;

    /// <summary>Parses the arguments and runs, or says in one sentence what is wrong with them.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        Func<DemoOptions, CancellationToken, Task<int>> run,
        CancellationToken cancellationToken
    )
    {
        var json = new Option<FileInfo?>("--json")
        {
            HelpName = "FILE",
            Description = "Write what the customers saw to this file",
        };
        var keep = new Option<FileInfo?>("--keep")
        {
            HelpName = "FILE",
            Description = "Leave the site up, and write to this file where everything is and how to stop it",
        };
        var releases = new Option<DirectoryInfo?>("--releases")
        {
            HelpName = "DIR",
            Description = "After the story, roll out the releases in this folder: one folder of addons each, by name",
        };
        var home = new Option<DirectoryInfo?>("--home")
        {
            HelpName = "DIR",
            Description = "The site's home folder (default: a fresh one, removed at the end)",
        };
        var story = new Option<string>("--story")
        {
            Description =
                "cutover: shops sell while releases come; releases: what may enter, and what stops the rest; "
                + "protection: backups that restore, and the ways back; "
                + "governance: who may do what and when, and what is recorded",
            DefaultValueFactory = _ => Cutover,
        };
        story.AcceptOnlyFromAmong(Cutover, Promotion, Protection, Governance);
        releases.Validators.Add(found =>
        {
            if (found.GetValueOrDefault<DirectoryInfo?>() is not { } folder)
            {
                return;
            }

            if (!folder.Exists)
            {
                found.AddError($"--releases {folder} is no folder.");
            }
            else if (!folder.EnumerateDirectories().Any())
            {
                found.AddError($"--releases {folder} holds no release: a folder of addons for each.");
            }
        });
        var demo = new Command("./demo", About) { json, keep, releases, home, story, new HelpOption() };
        demo.SetAction(
            (parsed, token) =>
                run(
                    new(
                        parsed.GetValue(json),
                        parsed.GetValue(keep),
                        parsed.GetValue(releases),
                        parsed.GetValue(home),
                        parsed.GetValue(story) switch
                        {
                            Promotion => StoryName.Releases,
                            Protection => StoryName.Protection,
                            Governance => StoryName.Governance,
                            _ => StoryName.Cutover,
                        }
                    ),
                    token
                )
        );
        var parsed = demo.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"demo: {OneLine(parsed.Errors[0].Message)}");
            return Cli.ExitCodes.Usage;
        }

        // Without its own handling of signals, which abandons an action that takes longer to end than two seconds.
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(configuration, cancellationToken);
    }

    private static string OneLine(string message) =>
        string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>The stories there are.</summary>
internal enum StoryName
{
    /// <summary>Shops sell while good and bad releases come.</summary>
    Cutover,

    /// <summary>What may enter, and what stops the rest.</summary>
    Releases,

    /// <summary>Backups that restore, and the ways back.</summary>
    Protection,

    /// <summary>Who may do what and when, and what is recorded.</summary>
    Governance,
}
