using System.CommandLine;
using Tidegate.Contracts.Ledger;

namespace Tidegate.Cli.Ledger;

internal static class ProveCommand
{
    private const string Text = """
        Write the proof that one entry is in the ledger, for somebody who sees nothing else of it

        Example: tidegate ledger prove 4711 > proof.json

        The number is the entry's place, as ledger list --json tells it. The proof is a path of a Merkle tree (RFC 9162) up to a
        signed checkpoint: tidegate ledger verify --proof proof.json checks it.
        """;

    public static Command Create()
    {
        var place = new Argument<long>("place") { Description = "The entry's place" };
        var command = new Command("prove", Text) { place, JsonOption.Create() }; // it is JSON anyway
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                parsed.WriteJson(
                    await client.GetAsync<LedgerProof>(
                        FormattableString.Invariant($"/api/ledger/entries/{parsed.GetRequiredValue(place)}/proof"),
                        cancellationToken
                    )
                );
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
