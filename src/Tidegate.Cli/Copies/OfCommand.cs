using System.CommandLine;
using Tidegate.Contracts.Copies;

namespace Tidegate.Cli.Copies;

internal static class OfCommand
{
    public static Command Create()
    {
        var tenant = new Argument<string>("tenant") { Description = "The tenant's name" };
        var erasure = new Option<bool>("--erasure")
        {
            Description =
                "Also backups, with the time at which the last of them is gone: what a person who asks to be erased is told",
        };
        var json = JsonOption.Create();
        var command = new Command(
            "of",
            "List all that holds a tenant's data beside the tenant\n\nExample: tidegate copies of shop-oslo --erasure"
        )
        {
            tenant,
            erasure,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var held = await client.GetAsync<HeldDataList>(
                    $"/api/copies/of/{Uri.EscapeDataString(parsed.GetRequiredValue(tenant))}",
                    cancellationToken
                );
                var shown = parsed.GetValue(erasure) ? held : held with { Backups = [] };
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(shown);
                }
                else
                {
                    await CopyText.WriteAsync(parsed, shown.Copies);
                    if (parsed.GetValue(erasure))
                    {
                        await WriteEndAsync(parsed, shown);
                    }
                }

                return shown.Copies.Silent.Count == 0 ? ExitCodes.Done : ExitCodes.Unavailable;
            }
        );
        return command;
    }

    private static async Task WriteEndAsync(ParseResult parsed, HeldDataList held)
    {
        TextTable.Write(
            parsed.Output(),
            ["BACKUP", "WHERE", "ENDS", "ID"],
            held.Backups.Select(backup =>
                (IReadOnlyList<string>)[backup.Kind, backup.Where, CopyText.Ends(backup.EndsAt), backup.Id]
            )
        );
        var ends = held
            .Copies.Copies.Select(copy => copy.ExpiresAt)
            .Concat(held.Backups.Select(backup => backup.EndsAt))
            .ToList();
        await parsed
            .Output()
            .WriteLineAsync(
                ends switch
                {
                    [] => $"Nothing but tenant {held.Tenant} itself holds its data.",
                    _ when ends.Contains(null) =>
                        "What has no end stays until somebody drops it: checkpoints with tidegate checkpoint drop.",
                    _ => $"The last of it is gone at {CopyText.Ends(ends.Max())}.",
                }
            );
    }
}
