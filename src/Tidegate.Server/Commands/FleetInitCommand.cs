using System.CommandLine;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.ControlPlane.DesiredState.Reading;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate fleet init</c>.</summary>
internal static class FleetInitCommand
{
    private const string Text = """
        Write a small fleet to begin with: staging before production, a shop in each, and the schemas for your editor.

        Example:
          tidegate fleet init ./fleet && tidegate fleet validate ./fleet

        DIR must be empty or not be there.
        """;

    public static Command Create()
    {
        var folder = FleetCommand.FolderArgument("DIR", "Where to write it.");
        var json = JsonOption.Create();
        var command = new Command("init", Text) { folder, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var place = parsed.GetRequiredValue(folder);
                var files = ExampleFleet.Files;
                await WriteAsync(place, files, cancellationToken);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(new { folder = place, files = files.Select(file => file.Path) });
                }
                else
                {
                    await parsed.Output().WriteLineAsync($"{FleetCommand.Count(files.Count, "file")} in {place}");
                    await parsed.WriteNextAsync($"tidegate fleet validate {place}");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static async Task WriteAsync(
        string place,
        IReadOnlyList<(string Path, string Text)> files,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (File.Exists(place) || (Directory.Exists(place) && Directory.EnumerateFileSystemEntries(place).Any()))
            {
                throw new ProblemException(
                    new ApiProblem(ProblemCodes.Conflict, $"{place} is not empty.", "name another folder.")
                );
            }

            foreach (var (path, text) in files)
            {
                var file = Path.Join(place, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await File.WriteAllTextAsync(file, text, cancellationToken);
            }
        }
        catch (Exception machine) when (machine is IOException or UnauthorizedAccessException)
        {
            // The disk or its rights: the operator's to clear.
            throw new ProblemException(
                new ApiProblem(ProblemCodes.Blocked, $"{place} cannot be written: {machine.Message}")
            );
        }
    }
}
