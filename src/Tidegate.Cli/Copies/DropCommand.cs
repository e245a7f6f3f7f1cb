using System.CommandLine;
using System.Globalization;
using Tidegate.Cli.Client;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts;
using Tidegate.Contracts.Copies;

namespace Tidegate.Cli.Copies;

internal static class DropCommand
{
    public static Command Create()
    {
        var id = CopiesCommands.Id();
        var yes = new Option<bool>("--yes") { Description = "Drop it; it cannot be brought back" };
        var reason = ReasonOption.Create();
        var json = JsonOption.Create();
        var command = new Command(
            "drop",
            "Drop a copy for good and free its disk\n\nExample: tidegate copies drop c-0199… --yes"
        )
        {
            id,
            yes,
            reason,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var copy = parsed.GetRequiredValue(id);
                if (!parsed.GetValue(yes))
                {
                    throw new ProblemException(
                        new ApiProblem(
                            ProblemCodes.Invalid,
                            $"dropping copy {copy} is for good.",
                            $"tidegate copies drop {copy} --yes"
                        )
                    );
                }

                using var client = ServerOption.Connect(parsed);
                var dropped = await client.PostAsync<DropCopyRequest, DroppedCopy>(
                    $"{CopiesCommands.Path(copy)}/drop",
                    new DropCopyRequest(parsed.GetValue(reason)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(dropped);
                }
                else
                {
                    await parsed
                        .Output()
                        .WriteLineAsync(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"copy {dropped.Id} of {dropped.Tenant} is gone: {dropped.FreedBytes >> 20} MB"
                            )
                        );
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
