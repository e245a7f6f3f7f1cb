using System.Globalization;
using Tidegate.Contracts.Jobs;

namespace Tidegate.Cli.Jobs;

/// <summary>Jobs for people.</summary>
internal static class JobText
{
    /// <summary>Where it is at: <c>restoring files 40 %</c>.</summary>
    public static string Stage(JobView job) =>
        (job.State, job.Outcome, job.Progress) switch
        {
            ("ended", { } outcome, _) => outcome,
            ("waiting", _, _) => "waiting",
            (_, _, null) => job.State,
            (_, _, { Done: { } done, Total: > 0 and var total } progress) => string.Create(
                CultureInfo.InvariantCulture,
                $"{progress.Stage} {done * 100 / total} % of {Amount(total, progress.Unit)}"
            ),
            (_, _, { Done: { } done } progress) => $"{progress.Stage}: {Amount(done, progress.Unit)}",
            (_, _, { } progress) => progress.Stage,
        };

    /// <summary>How it ended, in one line.</summary>
    public static string End(JobView job) =>
        job.Failure is { } failure
            ? $"{job.Kind} of {job.Subject} failed: {failure}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{job.Kind} of {job.Subject} {job.Outcome} in {(job.EndedAt - job.StartedAt)?.TotalSeconds ?? 0:0.0} s"
            );

    private static string Amount(long amount, string? unit) =>
        unit is "bytes"
            ? string.Create(CultureInfo.InvariantCulture, $"{amount / 1e6:0} MB")
            : string.Create(CultureInfo.InvariantCulture, $"{amount} {unit}").TrimEnd();
}
