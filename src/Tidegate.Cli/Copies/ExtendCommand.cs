using System.CommandLine;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Copies;

namespace Tidegate.Cli.Copies;

internal static class ExtendCommand
{
    public static Command Create()
    {
        var id = CopiesCommands.Id();
        var days = new Option<int>("--days")
        {
            Description = "How many days from now it is kept, 1 to 366",
            Required = true,
        };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 366)
            {
                result.AddError("--days is a number from 1 to 366.");
            }
        });
        var reason = ReasonOption.Create();
        var json = JsonOption.Create();
        var command = new Command(
            "extend",
            "Keep a copy for so many days from now\n\nExample: tidegate copies extend c-0199… --days 7 --reason \"the accountant looks at it\""
        )
        {
            id,
            days,
            reason,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var extended = await client.PostAsync<ExtendCopy, ExtendedCopy>(
                    $"{CopiesCommands.Path(parsed.GetRequiredValue(id))}/extend",
                    new ExtendCopy(
                        TimeProvider.System.GetUtcNow().AddDays(parsed.GetRequiredValue(days)),
                        parsed.GetValue(reason)
                    ),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(extended);
                }
                else
                {
                    await parsed
                        .Output()
                        .WriteLineAsync($"copy {extended.Id} is kept until {CopyText.Ends(extended.ExpiresAt)}");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
