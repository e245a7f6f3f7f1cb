using System.CommandLine;

namespace Tidegate.Cli.Ledger;

internal static class ExportCommand
{
    private const string Text = """
        Write the sealed ledger as lines of JSON, exactly as it is hashed, with its signed checkpoints

        Example: tidegate ledger export --to ledger.jsonl

        Whoever has the file and the public key can check it without us: tidegate ledger verify --from ledger.jsonl
        """;

    public static Command Create()
    {
        var to = new Option<FileInfo?>("--to") { Description = "The file; without it, the output" };
        var command = new Command("export", Text) { to, JsonOption.Create() }; // it is JSON anyway
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                await using var lines = await client.GetStreamAsync("/api/ledger/export", cancellationToken);
                if (parsed.GetValue(to) is not { } file)
                {
                    using var reader = new StreamReader(lines);
                    while (await reader.ReadLineAsync(cancellationToken) is { } line)
                    {
                        await parsed.Output().WriteLineAsync(line.AsMemory(), cancellationToken);
                    }

                    return ExitCodes.Done;
                }

                // Whole or not at all.
                var draft = $"{file.FullName}.part";
                await using (var output = File.Create(draft))
                {
                    await lines.CopyToAsync(output, cancellationToken);
                }

                File.Move(draft, file.FullName, overwrite: true);
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
