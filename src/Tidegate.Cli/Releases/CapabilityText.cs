using System.Globalization;
using Tidegate.Contracts.Releases;

namespace Tidegate.Cli.Releases;

/// <summary>A capability record for people.</summary>
internal static class CapabilityText
{
    private const int Label = 10;

    public static void Write(TextWriter output, CapabilityView view)
    {
        Line(output, "release", $"{view.Release} {view.Digest}");
        Line(output, "verdict", Verdict(view));
        if (view.MadeAt is { } made)
        {
            var seconds = (view.Seconds ?? 0).ToString("0.0", CultureInfo.InvariantCulture);
            Line(
                output,
                "run",
                $"{made.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}Z on site {view.Site} in {seconds} s"
            );
        }

        foreach (var fact in view.Facts)
        {
            Line(output, fact.Name, fact.Value);
        }

        foreach (var finding in view.Findings)
        {
            output.WriteLine();
            output.WriteLine($"{(finding.Matters ? "deviation" : "note")} {finding.Code}: {finding.Subject}");
            Line(output, "  expected", finding.Expected);
            Line(output, "  found", finding.Found);
            Line(output, "  why", finding.Why);
        }
    }

    private static string Verdict(CapabilityView view) =>
        view switch
        {
            { Verdict: "none", IsWanted: true } => "none yet: it is being run",
            { Verdict: "none" } => "none: it was not run",
            { Reason: { } reason } => $"{view.Verdict}: {reason}",
            { IsWanted: true } => $"{view.Verdict}; it is being run again",
            _ => view.Verdict,
        };

    private static void Line(TextWriter output, string label, string value) =>
        output.WriteLine($"{label.PadRight(Label)} {value}");
}
