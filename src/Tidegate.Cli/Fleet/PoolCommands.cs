using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Fleet;

namespace Tidegate.Cli.Fleet;

internal static class PoolCommands
{
    private const string Text = """
        Ask whether a pool may take a release as it is set

        Example: tidegate pool check shops --release 2026.11.2

        Its options are compared with those that the release knows, its limits with each other and with the machine, and the
        connections that all pools of the site may open, old and new generation together, with those that PostgreSQL lets in.
        Exit code 0: it may; 3: it may not, or that is not known.
        """;

    public static Command Create() => new("pool", "Pools: check") { Check() };

    private static Command Check()
    {
        var pool = new Argument<string>("pool") { Description = "The pool's name" };
        var release = new Option<string>("--release") { Description = "The release, 2026.11.2", Required = true };
        var json = JsonOption.Create();
        var command = new Command("check", Text) { pool, release, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var name = Uri.EscapeDataString(parsed.GetRequiredValue(pool));
                var view = await client.GetAsync<PoolConfigurationView>(
                    $"/api/pools/{name}/configuration?release={Uri.EscapeDataString(parsed.GetRequiredValue(release))}",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(view);
                }
                else
                {
                    Write(parsed.Output(), view);
                }

                return view.Gate.Verdict is "pass" ? ExitCodes.Done : ExitCodes.Blocked;
            }
        );
        return command;
    }

    private static void Write(TextWriter output, PoolConfigurationView view)
    {
        output.WriteLine($"pool {view.Pool} with {view.Release}: {view.Gate.Verdict}");
        if (view.Connections is { } connections)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"connections: {connections.Needed} of {connections.Offered}: {string.Join(", ", connections.Parts)}"
                )
            );
        }

        GateText.Write(output, view.Gate);
    }
}
