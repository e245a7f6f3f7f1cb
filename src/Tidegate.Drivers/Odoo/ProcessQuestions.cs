namespace Tidegate.Drivers.Odoo;

/// <summary>How the process ended, and what it was doing.</summary>
internal static class ProcessQuestions
{
    private const string Ended = "did the process end by itself, with exit code 0?";

    public static OracleAnswer Answer(JobResult? job, MigrationLog? log) =>
        job switch
        {
            null => new(Ended, Verdict.Inconclusive, "no result of the migration was found"),
            { IsClean: true } => new(Ended, Verdict.Pass, "exit code 0"),
            { Signal: { } signal and not 0 } => new(
                Ended,
                Verdict.Fail,
                $"the migration was killed by signal {signal}{While(log)}"
            ),
            { Exit: { } exit } => new(Ended, Verdict.Fail, $"{Raised(log)} (exit code {exit})"),
            _ => new(Ended, Verdict.Inconclusive, "what ran the migration ended with it, and nobody saw how"),
        };

    private static string While(MigrationLog? log) =>
        log switch
        {
            null or { LastActivity: null } => " before it logged anything",
            { InterruptedScript: { } script } => $" while it ran {script.Name} of {script.Module}",
            { LastActivity: { } last } => $"; its log ends at \"{last.Message}\"",
        };

    private static string Raised(MigrationLog? log)
    {
        var exception = log?.Errors.LastOrDefault(error => error.Detail is not null)?.Detail;
        return (exception, log?.InterruptedScript) switch
        {
            (null, _) => "the migration ended with a failure that its log does not explain",
            (_, { } script) => $"the migration script {script.Name} of {script.Module} raised {exception}",
            _ => $"the migration raised {exception}",
        };
    }
}
