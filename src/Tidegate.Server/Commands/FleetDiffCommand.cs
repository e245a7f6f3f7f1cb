using System.CommandLine;
using Tidegate.Cli;
using Tidegate.ControlPlane.DesiredState.Views;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate fleet diff</c>.</summary>
internal static class FleetDiffCommand
{
    private const string Text = """
        Show what is different between two fleets, object by object and key by key; defaults count as said.

        Example:
          tidegate fleet diff ./fleet ./fleet-of-tomorrow

        Exit code 0, different or not; 3: one of them is broken.
        """;

    public static Command Create()
    {
        var before = FleetCommand.FolderArgument("DIR_A", "The fleet before.");
        var after = FleetCommand.FolderArgument("DIR_B", "The fleet after.");
        var json = JsonOption.Create();
        var command = new Command("diff", Text) { before, after, json };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var changes = DesiredFleetComparison.Compare(
                    FleetCommand.ReadGood(parsed.GetRequiredValue(before), cancellationToken),
                    FleetCommand.ReadGood(parsed.GetRequiredValue(after), cancellationToken)
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(new { schema = "tidegate.fleet-diff/1", changes = changes.Select(View) });
                }
                else
                {
                    Write(parsed.Output(), changes);
                }

                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static void Write(TextWriter output, IReadOnlyCollection<ObjectChange> changes)
    {
        foreach (var change in changes)
        {
            output.WriteLine($"{Sign(change.Kind)} {change.Noun} {change.Name}".TrimEnd());
            foreach (var key in change.Keys)
            {
                output.WriteLine(
                    change.Kind is ChangeKind.Changed
                        ? $"    {key.Key}: {key.Before ?? "nothing"} -> {key.After ?? "nothing"}"
                        : $"    {key.Key}: {key.Before ?? key.After}"
                );
            }
        }

        output.WriteLine(
            changes.Count == 0 ? "no difference" : $"{FleetCommand.Count(changes.Count, "object")} differ"
        );
    }

    private static object View(ObjectChange change) =>
        new
        {
            kind = change.Kind.ToString().ToLowerInvariant(),
            noun = change.Noun,
            name = change.Name,
            keys = change.Keys,
        };

    private static char Sign(ChangeKind kind) =>
        kind switch
        {
            ChangeKind.Added => '+',
            ChangeKind.Removed => '-',
            ChangeKind.Changed => '~',
        };
}
