using System.Collections.Immutable;
using System.CommandLine;
using Tidegate.Cli;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.PolicyCases;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate policy test</c>.</summary>
internal static class PolicyTestCommand
{
    private const string Text = """
        Try the cases of a fleet's policy-tests: what may start when, and who and what keeps it. Needs no control plane.

        Example:
          tidegate policy test ./fleet
          tidegate policy test ./fleet/policy-tests/production.yaml

        docs/policy-tests.md has the form of the files. Exit code 0: every case holds; 3: one does not, or the fleet is
        broken; 5: there are no cases.
        """;

    public static Command Create()
    {
        var path = new Argument<string>("PATH")
        {
            Description = "The fleet's folder, or one file of its policy-tests; the folder that you are in without it",
            DefaultValueFactory = _ => ".",
        };
        var json = JsonOption.Create();
        var command = new Command("test", Text) { path, json };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var (folder, file) = PolicyTestPlace.Of(parsed.GetRequiredValue(path));
                var reading = FleetCommand.Read(folder, cancellationToken);
                if (reading is FleetReading.Broken broken)
                {
                    if (parsed.GetValue(json))
                    {
                        WriteJson(parsed, [], broken.Problems);
                    }
                    else
                    {
                        FleetValidateCommand.Write(parsed.Output(), reading);
                    }

                    return Task.FromResult(ExitCodes.Blocked);
                }

                var fleet = ((FleetReading.Good)reading).Fleet;
                var tests = fleet.PolicyTests.Where(test => file is null || test.Name == file).ToList();
                if (tests.Count == 0)
                {
                    throw PolicyTestPlace.NoCases(folder, fleet);
                }

                var outcomes = CaseTrial.Run(fleet, tests);
                if (parsed.GetValue(json))
                {
                    WriteJson(parsed, outcomes, []);
                }
                else
                {
                    PolicyTestText.Write(parsed.Output(), outcomes);
                }

                return Task.FromResult(outcomes.All(outcome => outcome.Holds) ? ExitCodes.Done : ExitCodes.Blocked);
            }
        );
        return command;
    }

    private static void WriteJson(
        ParseResult parsed,
        ImmutableArray<CaseOutcome> outcomes,
        ImmutableArray<FleetProblem> problems
    ) =>
        parsed.WriteJson(
            new
            {
                schema = "tidegate.policy-test/1",
                passed = outcomes.Count(outcome => outcome.Holds),
                failed = outcomes.Count(outcome => !outcome.Holds),
                cases = outcomes.Select(outcome => new
                {
                    outcome.Case.Name,
                    outcome.Place,
                    environment = outcome.Case.Environment.Value,
                    outcome.Case.At,
                    outcome = outcome.Holds ? "pass" : "fail",
                    tenant = outcome.Tenant?.Value,
                    outcome.Others,
                    outcome.Differences,
                    outcome.Rules,
                }),
                problems,
            }
        );
}
