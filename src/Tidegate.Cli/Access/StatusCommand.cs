using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Access;

namespace Tidegate.Cli.Access;

internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "Show whether access is open or closed\n\nExample: tidegate access status");
        command.SetAction(
            JsonOption.Create(),
            (client, _, cancellationToken) =>
                client.GetAsync<AccessStatusView>("/api/access/status", cancellationToken),
            Write
        );
        return command;
    }

    /// <summary><c>open</c> and <c>close</c>.</summary>
    public static Command Changing(string verb, string description)
    {
        var reason = AccessCommands.Reason(required: true);
        var command = new Command(verb, description) { reason };
        command.SetAction(
            JsonOption.Create(),
            (client, parsed, cancellationToken) =>
                client.PostAsync<AccessReason, AccessStatusView>(
                    $"/api/access/{verb}",
                    new(parsed.GetValue(reason)),
                    cancellationToken
                ),
            Write
        );
        return command;
    }

    private static void Write(AccessStatusView status, ParseResult parsed)
    {
        var output = parsed.Output();
        output.WriteLine(
            status.Mode == "open"
                ? "Access is open: the home's own user has every role without a grant."
                : "Access is closed: only grants count."
        );
        if (status.ChangedAt is { } changed)
        {
            output.WriteLine($"since            {AccessText.Instant(changed)} by {status.ChangedBy}: {status.Reason}");
        }

        output.WriteLine($"administrators   {status.Administrators.ToString(CultureInfo.InvariantCulture)}");
        if (status.Mode == "open")
        {
            parsed
                .Error()
                .WriteLine(
                    status.Administrators == 0
                        ? "next: before anybody else can reach the control plane: tidegate access bootstrap NAME --reason WHY"
                        : "next: tidegate access close --reason WHY"
                );
        }
    }
}
