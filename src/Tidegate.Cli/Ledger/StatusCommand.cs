using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Ledger;

namespace Tidegate.Cli.Ledger;

internal static class StatusCommand
{
    public static Command Create()
    {
        var json = JsonOption.Create();
        var command = new Command(
            "status",
            "Show how far the ledger is sealed and signed, and where that is kept\n\nExample: tidegate ledger status"
        )
        {
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var status = await client.GetAsync<LedgerStatus>("/api/ledger/status", cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(status);
                }
                else
                {
                    await parsed.Output().WriteAsync(Text(status));
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static string Text(LedgerStatus status) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            sealed    {status.Sealed} entries
            unsealed  {status.Unsealed}{(status.WaitsSeconds is { } waits ? $", the oldest for {waits:0.0} s" : "")}
            signed    {(
                status.Checkpoint is { } checkpoint
                    ? $"{checkpoint.Size} entries at {checkpoint.At.UtcDateTime:u} by key {checkpoint.Key}, root {checkpoint.Root}"
                    : "nothing yet"
            )}
            {string.Concat(status.Witnesses.Select(Line))}
            """
        );

    private static string Line(LedgerWitnessView witness) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"kept      {witness.Where}, {(witness.Kept is { } kept ? $"{kept} entries" : "nothing yet")}{(
                witness is { BehindSince: { } since, Why: { } why } ? $"; behind since {since.UtcDateTime:u}: {why}" : ""
            )}\n"
        );
}
