using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Fleet;

namespace Tidegate.Cli.Fleet;

internal static class EnvironmentCommands
{
    private const string Text = """
        Compare an environment with the one where its releases are tried

        Example: tidegate environment compare staging production

        Named are the differences because of which something may go well in the first and badly in the second, what is not
        known, and what is worth knowing. docs/capabilities.md says what is compared.
        Exit code 0: no difference matters; 3: one does, or something is not known.
        """;

    public static Command Create() => new("environment", "Environments: compare") { Compare() };

    private static Command Compare()
    {
        var upstream = new Argument<string>("upstream") { Description = "Where releases are tried: staging" };
        var downstream = new Argument<string>("downstream") { Description = "Where they go: production" };
        var json = JsonOption.Create();
        var command = new Command("compare", Text) { upstream, downstream, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var (one, other) = (parsed.GetRequiredValue(upstream), parsed.GetRequiredValue(downstream));
                var view = await client.GetAsync<ParityView>(
                    $"/api/environments/{Uri.EscapeDataString(one)}/parity/{Uri.EscapeDataString(other)}",
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

    private static void Write(TextWriter output, ParityView view)
    {
        output.WriteLine($"{view.Upstream} and {view.Downstream}: {view.Gate.Verdict}");
        if (view.Differences.Count == 0)
        {
            return;
        }

        TextTable.Write(
            output,
            ["", "WHAT", view.Upstream.ToUpperInvariant(), view.Downstream.ToUpperInvariant(), "TENANTS", "WHY"],
            view.Differences.Select(difference =>
                (IReadOnlyList<string>)
                    [
                        difference.Weight,
                        $"{difference.Aspect} {difference.Name}",
                        difference.Upstream ?? "-",
                        difference.Downstream ?? "-",
                        Tenants(difference),
                        difference.Why,
                    ]
            )
        );
    }

    private static string Tenants(ParityDifferenceView difference) =>
        difference switch
        {
            { Example: null } => "-",
            { Tenants: 1 } => difference.Example,
            _ => string.Create(CultureInfo.InvariantCulture, $"{difference.Example} and {difference.Tenants - 1} more"),
        };
}
