using System.CommandLine;
using Tidegate.Contracts.Copies;

namespace Tidegate.Cli.Copies;

internal static class ListCommand
{
    public static Command Create()
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only copies of this tenant" };
        var site = new Option<string?>("--site") { Description = "Only copies on this site" };
        var json = JsonOption.Create();
        var command = new Command(
            "list",
            "List copies, checkpoints among them: the first to end first\n\nExample: tidegate copies list --tenant shop-oslo"
        )
        {
            tenant,
            site,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var list = await client.GetAsync<CopyList>(
                    Path(parsed.GetValue(tenant), parsed.GetValue(site)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(list);
                }
                else
                {
                    await CopyText.WriteAsync(parsed, list);
                }

                return list.Silent.Count == 0 ? ExitCodes.Done : ExitCodes.Unavailable;
            }
        );
        return command;
    }

    private static string Path(string? tenant, string? site) =>
        $"/api/copies?tenant={Uri.EscapeDataString(tenant ?? "")}&site={Uri.EscapeDataString(site ?? "")}"
            .Replace("tenant=&", "", StringComparison.Ordinal)
            .Replace("site=", site is null ? "" : "site=", StringComparison.Ordinal)
            .TrimEnd('&', '?');
}
