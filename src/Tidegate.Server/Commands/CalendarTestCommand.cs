using System.CommandLine;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.ControlPlane.DesiredState.Reading;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate calendar test</c>.</summary>
internal static class CalendarTestCommand
{
    private const string Text = """
        Try a fleet's calendars against cases from a file: who may start when, and which rule says no. Needs no control plane.

        Example:
          tidegate calendar test ./fleet calendar-cases.yaml

        docs/calendars.md has the form of the file. Exit code 0: every case holds; 3: one does not.
        """;

    public static Command Create()
    {
        var folder = FleetCommand.FolderArgument("DIR", "The fleet's folder, the one with tidegate.yaml.");
        var file = new Argument<string>("CASES") { Description = "The file with cases" };
        var json = JsonOption.Create();
        var command = new Command("test", Text) { folder, file, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var fleet = FleetCommand.ReadGood(parsed.GetRequiredValue(folder), cancellationToken);
                var path = parsed.GetRequiredValue(file);
                var (cases, problems) = CalendarCases.Read(path, await LocalFile.ReadAsync(path, cancellationToken));
                if (problems.Length > 0)
                {
                    throw new ProblemException(
                        new ApiProblem(ProblemCodes.Invalid, $"the cases cannot be read: {problems[0]}")
                    );
                }

                var results = CalendarCases.Run(fleet, cases);
                var failed = results.Count(result => result.What is not null);
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(
                        new
                        {
                            schema = "tidegate.calendar-test/1",
                            cases = results.Length,
                            failed,
                            failures = results
                                .Where(result => result.What is not null)
                                .Select(result => new
                                {
                                    result.Case.Line,
                                    result.Case.Tenant,
                                    result.Case.At,
                                    result.What,
                                }),
                        }
                    );
                }
                else
                {
                    foreach (var result in results.Where(result => result.What is not null))
                    {
                        parsed
                            .Output()
                            .WriteLine(
                                FormattableString.Invariant(
                                    $"{path}:{result.Case.Line}: {result.Case.Tenant} at {result.Case.At}: {result.What}"
                                )
                            );
                    }

                    parsed
                        .Output()
                        .WriteLine(
                            $"{(failed == 0 ? "PASS" : "FAIL")}  {FleetCommand.Count(results.Length, "case")}, {failed} failed"
                        );
                }

                return failed == 0 ? ExitCodes.Done : ExitCodes.Blocked;
            }
        );
        return command;
    }
}
