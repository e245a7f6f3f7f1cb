using System.CommandLine;
using Tidegate.Contracts.Releases;

namespace Tidegate.Cli.Releases;

/// <summary><c>tidegate release capability</c>.</summary>
internal static class CapabilityCommand
{
    private const string Text = """
        Show what running a release in a sandbox has shown: its capability record, and where it deviates from its series

        Example: tidegate release capability 2026.11.2

        RELEASE is a name or a digest. --json has the whole record. docs/capabilities.md explains every finding.
        """;

    public static Command Create()
    {
        var release = new Argument<string>("release") { Description = "The release's name, or its digest" };
        var json = JsonOption.Create();
        var command = new Command("capability", Text) { release, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var view = await client.GetAsync<CapabilityView>(
                    PathOf(parsed.GetRequiredValue(release)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(view);
                }
                else
                {
                    CapabilityText.Write(parsed.Output(), view);
                }

                if (view is { Verdict: "none", IsWanted: false })
                {
                    await parsed.WriteNextAsync($"tidegate release probe {view.Release}");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    /// <summary>Where the API has a release's record.</summary>
    internal static string PathOf(string release) => $"/api/releases/{Uri.EscapeDataString(release)}/capability";
}
