using System.CommandLine;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Releases;

namespace Tidegate.Cli.Releases;

/// <summary><c>tidegate release probe</c>.</summary>
internal static class ProbeCommand
{
    private const string Text = """
        Run a release once in a sandbox, and record what it can do

        Example: tidegate release probe 2026.11.2

        The site's server does it, in a folder, a database cluster and an OS user of their own, which are gone afterwards.
        It does so by itself for every newly registered release; this does it at once, or again.
        Exit code 0: proven; 3: it deviates from what its series is known to be; 1: it could not be run.
        """;

    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var release = new Argument<string>("release") { Description = "The release's name, or its digest" };
        var noWait = new Option<bool>("--no-wait") { Description = "Ask for it, and do not wait for it to end" };
        var json = JsonOption.Create();
        var command = new Command("probe", Text) { release, noWait, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var path = CapabilityCommand.PathOf(parsed.GetRequiredValue(release));
                await client.PostAsync(path, new { }, cancellationToken);
                var view = parsed.GetValue(noWait)
                    ? await client.GetAsync<CapabilityView>(path, cancellationToken)
                    : await EndAsync(client, path, cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(view);
                }
                else
                {
                    CapabilityText.Write(parsed.Output(), view);
                }

                return view switch
                {
                    { IsWanted: true } or { Verdict: "proven" } => ExitCodes.Done,
                    { Verdict: "failed" } => ExitCodes.Failed,
                    _ => ExitCodes.Blocked,
                };
            }
        );
        return command;
    }

    private static async Task<CapabilityView> EndAsync(
        ControlPlaneClient client,
        string path,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var view = await client.GetAsync<CapabilityView>(path, cancellationToken);
            if (!view.IsWanted)
            {
                return view;
            }

            await Task.Delay(Glance, TimeProvider.System, cancellationToken);
        }
    }
}
