using System.CommandLine;
using System.Globalization;
using Tidegate.Cli.Client;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts;
using Tidegate.Contracts.Checkpoints;

namespace Tidegate.Cli.Checkpoints;

internal static class DropCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("checkpoint")
        {
            Description = "The checkpoint's id, as checkpoint list shows it",
        };
        var yes = new Option<bool>("--yes") { Description = "Drop it; it cannot be brought back" };
        var reason = ReasonOption.Create();
        var json = JsonOption.Create();
        var command = new Command(
            "drop",
            "Drop a checkpoint for good and free its disk\n\nExample: tidegate checkpoint drop u-0199… --yes"
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
                var checkpoint = parsed.GetRequiredValue(id);
                if (!parsed.GetValue(yes))
                {
                    throw Unconfirmed(checkpoint);
                }

                using var client = ServerOption.Connect(parsed);
                var dropped = await client.PostAsync<DropCheckpoint, DroppedCheckpoint>(
                    $"/api/checkpoints/{Uri.EscapeDataString(checkpoint)}/drop",
                    new DropCheckpoint(parsed.GetValue(reason)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(dropped);
                }
                else
                {
                    Write(dropped, parsed.Output());
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static ProblemException Unconfirmed(string checkpoint) =>
        new(
            new ApiProblem(
                ProblemCodes.Invalid,
                $"dropping checkpoint {checkpoint} takes its tenant's way back for good.",
                $"tidegate checkpoint drop {checkpoint} --yes"
            )
        );

    private static void Write(DroppedCheckpoint dropped, TextWriter writer) =>
        writer.WriteLine(
            dropped.FreedBytes == 0
                ? $"checkpoint {dropped.Id} of {dropped.Tenant} was gone already"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"checkpoint {dropped.Id} of {dropped.Tenant} is gone: {dropped.FreedBytes >> 20} MB"
                )
        );
}
