using System.Globalization;
using Tidegate.Contracts.Drift;

namespace Tidegate.Cli.Drift;

/// <summary>Differences for people.</summary>
internal static class DriftText
{
    public static void Write(TextWriter output, DriftView view)
    {
        foreach (var subject in view.Differences.GroupBy(difference => difference.Subject, StringComparer.Ordinal))
        {
            output.WriteLine(subject.Key);
            foreach (var difference in subject)
            {
                Write(output, difference);
            }
        }

        foreach (var unasked in view.NotInGit)
        {
            Write(output, unasked);
        }
    }

    /// <summary>How old all that is, and what is not known.</summary>
    public static async Task WriteChecksAsync(TextWriter error, DriftView view)
    {
        foreach (var check in view.Checks)
        {
            var busy = check.Busy is > 0 ? Invariant($", {check.Busy} left to their rollouts") : "";
            var judged = check.Judged is { } tenants ? Invariant($"{tenants} tenants") : "your tenants";
            await error.WriteLineAsync(
                Invariant($"site {check.Site}: {judged} compared at {check.CheckedAt.ToUniversalTime():u}{busy}")
            );
            foreach (var unknown in check.Unknown)
            {
                await error.WriteLineAsync($"  not known: {unknown.Aspect} of {unknown.Subject}: {unknown.Why}");
            }
        }

        if (view.Checks.Count == 0)
        {
            await error.WriteLineAsync("nothing was compared yet");
            await error.WriteLineAsync("next: tidegate drift check --wait");
        }
        else if (view.Differences.Count == 0 && view.NotInGit.Count == 0)
        {
            await error.WriteLineAsync("nothing is known to differ");
        }
    }

    private static void Write(TextWriter output, DifferenceView difference)
    {
        var cause = difference.Cause is "manual" ? "changed by hand" : "asked for by the fleet, not carried out yet";
        output.WriteLine($"  {difference.Item}: {difference.Says} ({difference.Code})");
        output.WriteLine($"  - {difference.Expected}");
        output.WriteLine($"  + {difference.Found}");
        output.WriteLine(
            Invariant($"    {cause}; first seen {difference.FirstSeen.ToUniversalTime():u}{Last(difference.Last)}")
        );
        output.WriteLine($"    next: {difference.Next}");
    }

    private static void Write(TextWriter output, ReleaseNotInGitView unasked)
    {
        output.WriteLine($"environment/{unasked.Environment}");
        output.WriteLine($"  release: an emergency brought what git does not ask for ({unasked.Code})");
        output.WriteLine($"  - {unasked.Asked}, {unasked.Origin}");
        output.WriteLine(Invariant($"  + {unasked.Release}, of {unasked.Tenants} tenants"));
        output.WriteLine(
            Invariant($"    emergency {unasked.Emergency} by {unasked.By} at {unasked.At.ToUniversalTime():u}")
        );
        output.WriteLine($"    next: {unasked.Next}");
    }

    private static string Last(LastActView? last) =>
        last is null
            ? "; Tidegate has done nothing there but place it"
            : Invariant($"; last: {last.What} at {last.At.ToUniversalTime():u}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
