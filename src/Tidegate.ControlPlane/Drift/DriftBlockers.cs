using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Drift;

/// <summary>Says of differences what a blocker says: few of each code, and how many more there are. Pure.</summary>
public static class DriftBlockers
{
    /// <param name="most">Of each code.</param>
    /// <param name="heals">Whether an environment's policy heals.</param>
    public static ImmutableArray<Blocker> Of(
        SiteName site,
        IEnumerable<StoredDifference> differences,
        int most,
        Func<EnvironmentName?, bool> heals
    ) =>
        [
            .. differences
                .Where(stored => stored.Difference.Cause is DriftCause.Manual)
                .GroupBy(stored => stored.Difference.Code)
                .SelectMany(code =>
                {
                    var subjects = code.GroupBy(stored => stored.Difference.Subject).ToList();
                    var first = subjects.Take(most).Select(subject => One([.. subject], heals));
                    return subjects.Count > most
                        ? first.Append(
                            Rest(site, code.Key, subjects.Count - most, code.Min(stored => stored.FirstSeen))
                        )
                        : first;
                }),
        ];

    /// <summary>One line for people: <c>CONNECT of reporting: not granted expected, granted found</c>.</summary>
    public static string Text(Difference difference) =>
        $"{difference.Item}: expected {difference.Expected}, found {difference.Found}";

    private static Blocker One(ImmutableArray<StoredDifference> same, Func<EnvironmentName?, bool> heals)
    {
        var (difference, code) = (same[0].Difference, same[0].Difference.Code);
        var more = same.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $", and {same.Length - 1} more") : "";
        return new(
            difference.Subject.ToString(),
            $"drift/{code.Name}",
            $"{code.Says}: {Text(difference)}{more}; changed by hand.",
            same.Min(stored => stored.FirstSeen),
            Until: null,
            Clearing.Operator,
            Next(difference, heals)
        );
    }

    private static string Next(Difference difference, Func<EnvironmentName?, bool> heals) =>
        !difference.Code.IsHealable ? difference.Code.Next
        : heals(difference.Environment) ? "nothing: the policy heals it; tidegate drift show"
        : difference.Subject.Kind is "tenant"
            ? $"tidegate drift heal {difference.Subject.Name}, or {difference.Code.Next}"
        : $"tidegate drift heal --environment {difference.Environment}, or {difference.Code.Next}";

    private static Blocker Rest(SiteName site, DriftCode code, int count, DateTimeOffset since) =>
        new(
            DriftSubject.Of(site).ToString(),
            $"drift/{code.Name}",
            string.Create(CultureInfo.InvariantCulture, $"{code.Says}: {count} more."),
            since,
            Until: null,
            Clearing.Operator,
            "tidegate drift show lists them all"
        );
}
