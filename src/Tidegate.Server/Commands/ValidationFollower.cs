using System.CommandLine;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Cli.Releases;
using Tidegate.Contracts;
using Tidegate.Contracts.Releases;

namespace Tidegate.Server.Commands;

/// <summary>Asks the control plane to judge a registered release, and waits for what it finds. Interrupting only detaches.</summary>
internal sealed class ValidationFollower(ParseResult parsed, bool json, bool all)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(400);

    public async Task<int> RunAsync(string release, string? from, CancellationToken cancellationToken)
    {
        using var client = ServerOption.Connect(parsed);
        var asked = await client.PostAsync<RequestValidation, ValidationView>(
            ReleaseText.Path(release, "validations"),
            new RequestValidation(from),
            cancellationToken
        );
        var path = ReleaseText.Path(release, "validations", asked.Id);
        using var timer = new PeriodicTimer(Poll);
        var state = "";
        while (true)
        {
            var seen = await client.GetAsync<ValidationDetails>(path, cancellationToken);
            if (seen.Validation.State is "ended" or "failed")
            {
                return seen.Report is { } report
                    ? ReleaseValidateCommand.Write(parsed, report, json, all)
                    : throw new ProblemException(Problem(seen.Validation));
            }

            if (seen.Validation.State != state)
            {
                state = seen.Validation.State;
                await parsed.Error().WriteLineAsync($"validation {asked.Id} is {state}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static ApiProblem Problem(ValidationView validation) =>
        new(
            ProblemCodes.Failed,
            validation.Failure is { } failure
                ? $"{validation.Release} could not be judged: {failure}"
                : $"the report of {validation.Id} is not in this control plane's object store.",
            $"tidegate release validate {validation.Release} asks again."
        );
}
