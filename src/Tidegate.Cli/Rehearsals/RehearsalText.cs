using System.Globalization;
using Tidegate.Contracts.Rehearsals;

namespace Tidegate.Cli.Rehearsals;

/// <summary>Rehearsals for people: the conclusions first, then what they rest on.</summary>
internal static class RehearsalText
{
    private const int MostLines = 12;

    public static void Write(TextWriter writer, RehearsalDetails details)
    {
        var rehearsal = details.Rehearsal;
        writer.WriteLine(
            $"{rehearsal.Tenant} from {rehearsal.From} to {rehearsal.To}: {(rehearsal.HasPassed ? "passed" : "not passed")}: {rehearsal.Reason}  ({rehearsal.Id})"
        );
        writer.WriteLine(
            $"  backup {rehearsal.Backup}, restored; data of {rehearsal.DataAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}"
        );
        writer.WriteLine($"  isolation: {details.Isolation}");
        WriteConclusions(writer, details);
        if (details.Seen is { } seen)
        {
            WriteSeen(writer, seen);
        }

        writer.WriteLine("  steps");
        foreach (var step in details.Steps)
        {
            writer.WriteLine(Invariant($"    {step.Name, -18} {step.Seconds, 7:0.0} s  {step.Summary}"));
        }
    }

    /// <summary>What a wave came to, one line a tenant.</summary>
    public static void WriteWave(TextWriter writer, IReadOnlyCollection<RehearsedTenant> ended) =>
        TextTable.Write(
            writer,
            ["TENANT", "OUTCOME", "CLASS", "HOLD", "REHEARSAL", "REASON"],
            ended.Select(rehearsed =>
                (IReadOnlyList<string>)
                    [
                        rehearsed.Tenant,
                        Outcome(rehearsed),
                        rehearsed.Rehearsal?.Rehearsal.Class ?? "-",
                        rehearsed.Rehearsal?.Prediction is { } hold ? Hold(hold) : "-",
                        rehearsed.Id,
                        rehearsed.Rehearsal?.Rehearsal.Reason ?? rehearsed.Failure ?? "-",
                    ]
            )
        );

    public static string Outcome(RehearsedTenant rehearsed) => rehearsed.Outcome.Replace('_', ' ');

    private static string Hold(RehearsalPredictionView hold) =>
        Invariant($"{hold.HoldSeconds:0.0} s ({hold.LowSeconds:0.0} to {hold.HighSeconds:0.0} s)");

    private static void WriteConclusions(TextWriter writer, RehearsalDetails details)
    {
        if (details.Prediction is { } hold)
        {
            writer.WriteLine(
                Invariant($"  predicted hold {Hold(hold)}, whole upgrade {hold.TotalSeconds:0} s, by {hold.Basis}")
            );
        }

        if (details.Rehearsal.Class is { } proven)
        {
            writer.WriteLine($"  class {proven}: {string.Join("; ", details.ClassReasons)}");
        }

        if (details.WayBack is { } back)
        {
            writer.WriteLine(
                $"  way back by the image alone: {(back.ImageOnly ? "proven" : "not proven")}: {back.ImageOnlyReason}"
            );
            writer.WriteLine($"  strategies: {string.Join(", ", back.Strategies)}");
        }
    }

    private static void WriteSeen(TextWriter writer, RehearsalSeenView seen)
    {
        foreach (var finding in seen.Findings)
        {
            writer.WriteLine($"  {finding.Severity} {finding.Code} {finding.Where}: {finding.What}");
            writer.WriteLine($"    mend: {finding.Mend}");
        }

        var usage = seen.Usage;
        writer.WriteLine(
            Invariant(
                $"  {seen.CommandCount} statements change structures, {seen.Rewritten.Count} tables written anew; {usage.WalBytes / 1e6:0.0} MB WAL, {usage.DiskPeakBytes / 1e6:0.0} MB disk more at the most"
            )
        );
        WriteList(writer, "changes", seen.Changes);
        WriteList(
            writer,
            "locks",
            [.. seen.Locks.Select(held => Invariant($"{held.Table} {held.Mode} {held.LongestMs:0} ms"))]
        );
        WriteList(
            writer,
            "rows",
            [
                .. seen.Tables.Select(rows =>
                    Invariant(
                        $"{rows.Table} {Count(rows.Before)} to {Count(rows.After)}: {rows.Inserted} inserted, {rows.Updated} updated, {rows.Deleted} deleted"
                    )
                ),
            ]
        );
        WriteList(
            writer,
            "figures that moved",
            [
                .. seen
                    .Figures.Where(figure => !figure.Holds)
                    .Select(figure => $"{figure.Name}: {figure.Before} to {figure.After ?? "none"}"),
            ]
        );
        WriteList(
            writer,
            "broken views",
            [.. seen.BrokenViews.Select(view => $"{view.Name} ({view.Model}): {view.Error}")]
        );
        WriteList(
            writer,
            "oracle",
            [.. seen.Oracle.Select(said => $"{said.Verdict}: {said.Question} {said.Sentence}")]
        );
    }

    private static void WriteList(TextWriter writer, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        writer.WriteLine($"  {title}");
        foreach (var line in lines.Take(MostLines))
        {
            writer.WriteLine($"    {line}");
        }

        if (lines.Count > MostLines)
        {
            writer.WriteLine($"    and {lines.Count - MostLines} more, with --json");
        }
    }

    private static string Count(long? rows) => rows?.ToString(CultureInfo.InvariantCulture) ?? "none";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
