using System.CommandLine;
using Tidegate.Contracts.Drift;

namespace Tidegate.Cli.Drift;

internal static class ShowCommand
{
    private const string Text = """
        Show what differs between live state and what it should be, as it was last seen

        Example: tidegate drift show --tenant shop-oslo

        docs/drift.md says what is compared; what an emergency brought and git does not ask for is told as well. Exit code 0:
        nothing differs and everything was compared; 3: something differs, or could not be compared.
        """;

    public static Command Create()
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only of this tenant" };
        var environment = DriftCommands.Environment();
        var json = JsonOption.Create();
        var command = new Command("show", Text) { tenant, environment, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var view = await client.GetAsync<DriftView>(
                    $"/api/drift{Query(("tenant", parsed.GetValue(tenant)), ("environment", parsed.GetValue(environment)))}",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(view);
                }
                else
                {
                    DriftText.Write(parsed.Output(), view);
                    await DriftText.WriteChecksAsync(parsed.Error(), view);
                }

                return
                    view.Differences.Count == 0
                    && view.NotInGit.Count == 0
                    && view.Checks.Count > 0
                    && view.Checks.All(check => check.Unknown.Count == 0)
                    ? ExitCodes.Done
                    : ExitCodes.Blocked;
            }
        );
        return command;
    }

    private static string Query(params (string Name, string? Value)[] parts)
    {
        var given = parts.Where(part => part.Value is not null).ToList();
        return given.Count == 0
            ? ""
            : "?" + string.Join('&', given.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
    }
}
