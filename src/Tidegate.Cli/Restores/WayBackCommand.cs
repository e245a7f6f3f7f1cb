using System.CommandLine;
using Tidegate.Contracts.Restores;

namespace Tidegate.Cli.Restores;

internal static class WayBackCommand
{
    private const string Text = """
        Show a tenant's three kinds of way back, what each costs now, and what proves it

        Example: tidegate tenant way-back shop-oslo

        application takes the image back and keeps the data; data takes this tenant's data back; environment takes a whole
        site to a new cluster.
        """;

    public static Command Create()
    {
        var tenant = new Argument<string>("tenant") { Description = "The tenant" };
        var json = JsonOption.Create();
        var command = new Command("way-back", Text) { tenant, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var view = await client.GetAsync<WayBackView>(
                    $"/api/tenants/{Uri.EscapeDataString(parsed.GetRequiredValue(tenant))}/way-back",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(view);
                }
                else
                {
                    RestoreText.Write(view, parsed.Output());
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
