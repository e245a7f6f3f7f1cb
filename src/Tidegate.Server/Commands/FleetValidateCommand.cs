using System.CommandLine;
using Tidegate.Cli;
using Tidegate.ControlPlane.DesiredState;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate fleet validate</c>.</summary>
internal static class FleetValidateCommand
{
    private const string Text = """
        Check the files of a fleet: every key, every name, and what must hold between them.

        Example:
          tidegate fleet validate ./fleet

        Every problem is told with file, line and column, the first hundred of them. docs/fleet.md has every key.
        Exit code 0: the fleet may be followed; 3: it is broken.
        """;

    public static Command Create()
    {
        var folder = FleetCommand.FolderArgument("DIR", "The fleet's folder, the one with tidegate.yaml.");
        var json = JsonOption.Create();
        var command = new Command("validate", Text) { folder, json };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var reading = FleetCommand.Read(parsed.GetRequiredValue(folder), cancellationToken);
                if (parsed.GetValue(json))
                {
                    WriteJson(parsed, reading);
                }
                else
                {
                    Write(parsed.Output(), reading);
                }

                return Task.FromResult(reading is FleetReading.Good ? ExitCodes.Done : ExitCodes.Blocked);
            }
        );
        return command;
    }

    internal static void Write(TextWriter output, FleetReading reading)
    {
        if (reading is FleetReading.Good { Fleet: var fleet })
        {
            output.WriteLine($"PASS  {string.Join(", ", Counts(fleet).Select(Counted))}");
            return;
        }

        var broken = (FleetReading.Broken)reading;
        foreach (var problem in broken.Problems)
        {
            output.WriteLine(problem.ToString());
        }

        var hidden = broken.Count - broken.Problems.Length;
        output.WriteLine(
            $"FAIL  {FleetCommand.Count(broken.Count, "problem")}{(hidden > 0 ? $", of which {hidden} are not shown" : "")}"
        );
    }

    private static void WriteJson(ParseResult parsed, FleetReading reading)
    {
        var broken = reading as FleetReading.Broken;
        parsed.WriteJson(
            new
            {
                schema = "tidegate.fleet-validation/1",
                outcome = broken is null ? "pass" : "fail",
                objects = reading is FleetReading.Good good ? Counts(good.Fleet) : null,
                count = broken?.Count ?? 0,
                problems = broken?.Problems ?? [],
            }
        );
    }

    private static string Counted(KeyValuePair<string, int> kind) =>
        FormattableString.Invariant($"{kind.Value} {(kind.Value == 1 ? Singular(kind.Key) : kind.Key)}");

    private static string Singular(string plural) =>
        plural.EndsWith("ies", StringComparison.Ordinal) ? $"{plural[..^3]}y" : plural[..^1];

    private static Dictionary<string, int> Counts(DesiredFleet fleet) =>
        new(StringComparer.Ordinal)
        {
            ["sites"] = fleet.Sites.Count,
            ["environments"] = fleet.Environments.Count,
            ["pools"] = fleet.Pools.Count,
            ["tenants"] = fleet.Tenants.Count,
            ["releases"] = fleet.Releases.Count,
            ["policies"] = fleet.Policies.Count,
            ["objectives"] = fleet.Objectives.Count,
            ["calendars"] = fleet.Calendars.Count,
            ["cases"] = fleet.PolicyTests.Sum(test => test.Cases.Length),
        };
}
