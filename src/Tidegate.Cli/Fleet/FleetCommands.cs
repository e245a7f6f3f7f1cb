using System.CommandLine;
using System.Text.Json;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.Contracts.Fleet;

namespace Tidegate.Cli.Fleet;

internal static class FleetCommands
{
    public static Command Create() =>
        new("fleet", "The fleet: what should run where")
        {
            Apply(),
            FollowCommand.Create(),
            SyncCommand.Create(),
            SourceCommands.Status(),
            SourceCommands.Accept(),
            SourceCommands.Unfollow(),
        };

    private static Command Apply()
    {
        var file = new Option<FileInfo>("--file") { Description = "JSON file with pools and tenants", Required = true };
        var json = JsonOption.Create();
        var command = new Command(
            "apply",
            "Make pools and tenants known; what the file does not name stays\n\nExample: tidegate fleet apply --file fleet.json"
        )
        {
            file,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var document = await ReadAsync(parsed.GetRequiredValue(file), cancellationToken);
                var applied = await client.PostAsync<FleetDocument, AppliedFleet>(
                    "/api/fleet",
                    document,
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(
                        new
                        {
                            document.Pools,
                            document.Tenants,
                            applied.Unplaced,
                        }
                    );
                }
                else
                {
                    await WriteAsync(parsed.Output(), document, applied.Unplaced);
                }

                if (applied.Unplaced.Count == 0)
                {
                    return ExitCodes.Done;
                }

                await parsed.WriteNextAsync("put that right and apply the fleet again.");
                return ExitCodes.Blocked;
            }
        );
        return command;
    }

    private static async Task WriteAsync(
        TextWriter output,
        FleetDocument document,
        IReadOnlyList<UnplacedTenantView> unplaced
    )
    {
        var known = $"{document.Pools.Count} pools and {document.Tenants.Count} tenants are known";
        await output.WriteLineAsync(
            unplaced.Count == 0 ? $"{known} and served" : $"{known}; {unplaced.Count} of them are not served yet"
        );
        foreach (var tenant in unplaced)
        {
            await output.WriteLineAsync($"not served: {tenant.Tenant} (site {tenant.Site}): {tenant.Reason}");
        }
    }

    private static async Task<FleetDocument> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = file.OpenRead();
            return await JsonSerializer.DeserializeAsync<FleetDocument>(stream, ApiJson.Options, cancellationToken)
                ?? throw new JsonException("the file holds null.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                new ApiProblem(
                    ProblemCodes.Invalid,
                    $"{file.FullName}: {exception.Message}",
                    "correct the file and apply it again."
                )
            );
        }
    }
}
