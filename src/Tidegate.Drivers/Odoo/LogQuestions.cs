using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.Drivers.Odoo;

/// <summary>What the log has to say and must not say.</summary>
internal static class LogQuestions
{
    private const string Whole = "does the log say that all modules were loaded?";
    private const string Quiet = "is the log free of errors and of the warnings by which Odoo passes over a failure?";
    private const string Scripts = "did every migration script run that had to?";

    public static IEnumerable<OracleAnswer> Answers(MigrationFacts facts) =>
        facts.Log is { Records: > 0 } log
            ? [.. Telling(log, facts.Before), .. ScriptsRan(log, facts.ExpectedScripts), Loaded(log)]
            : [new(Whole, Verdict.Inconclusive, "no log of the migration was found")];

    private static OracleAnswer Loaded(MigrationLog log) =>
        log.ModulesLoaded
            ? new(Whole, Verdict.Pass, "all modules were loaded")
            : new(Whole, Verdict.Fail, "the log does not say that all modules were loaded");

    private static List<OracleAnswer> Telling(MigrationLog log, Catalogue? before)
    {
        var known = before?.Gaps.Select(gap => gap.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        var bad = log
            .Findings.Where(finding => !LogSentences.IsKnown(finding, known))
            .Select(finding => LogSentences.Of(finding))
            .Concat(Unexplained(log))
            .Distinct(StringComparer.Ordinal)
            .Select(sentence => new OracleAnswer(Quiet, Verdict.Fail, sentence))
            .ToList();
        return bad.Count > 0 ? bad : [new(Quiet, Verdict.Pass, "the log is free of errors")];
    }

    private static IEnumerable<string> Unexplained(MigrationLog log)
    {
        var explained = log.Findings.Select(finding => finding.Record).ToHashSet();
        return log
            .Errors.Where(error => !explained.Contains(error))
            .Select(error => $"the log has an {error.Level} of {error.Logger}: {error.Message}{Because(error)}")
            .Concat(
                log.ErrorCount > log.Errors.Length ? [$"the log has {log.ErrorCount} errors; the first are listed"] : []
            );
    }

    private static string Because(LogRecord error) => error.Detail is { } detail ? $" ({detail})" : "";

    private static IEnumerable<OracleAnswer> ScriptsRan(MigrationLog log, ImmutableArray<MigrationScript> expected)
    {
        var ran = log.ScriptsRun.Select(run => new MigrationScript(run.Module, run.Version, run.Name)).ToHashSet();
        var missed = expected.Where(script => !ran.Contains(script)).ToList();
        return missed.Count == 0
            ? [new(Scripts, Verdict.Pass, $"{ran.Count} migration scripts ran")]
            : missed.Select(script => new OracleAnswer(
                Scripts,
                Verdict.Fail,
                $"the migration script {script.Name} of {script.Module} {script.Version} did not run"
            ));
    }
}
