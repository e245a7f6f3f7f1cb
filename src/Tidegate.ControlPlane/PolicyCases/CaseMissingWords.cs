using System.Collections.Immutable;
using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.DesiredState;

namespace Tidegate.ControlPlane.PolicyCases;

/// <summary>Requirements of approval that are not met: expected ones beside those that there are.</summary>
internal static class CaseMissingWords
{
    /// <param name="outcome">Null where nobody is asked.</param>
    /// <returns>Null where they are the same.</returns>
    public static (string Expected, string Got)? Difference(
        ImmutableArray<CaseMissing> expected,
        ApprovalOutcome? outcome
    )
    {
        var got = Of(outcome).ToList();
        return
            expected.Length == got.Count
            && expected.All(one => got.Exists(other => IsMetBy(one, other)))
            && got.TrueForAll(one => expected.Any(other => other.Requirement == one.Requirement))
            ? null
            : (Words(expected), Words(got));
    }

    private static IEnumerable<CaseMissing> Of(ApprovalOutcome? outcome) =>
        outcome is null
            ? []
            : outcome
                .Requirements.Concat(outcome.Extra is { } extra ? [extra] : [])
                .Where(met => met.Missing > 0)
                .Select(met => new CaseMissing(met.Requirement.Name, met.Missing, met.CouldGive));

    private static bool IsMetBy(CaseMissing expected, CaseMissing got) =>
        expected.Requirement == got.Requirement
        && expected.Count == got.Count
        && (
            expected.From is not { } from
            || from.ToHashSet(StringComparer.Ordinal).SetEquals(got.From ?? ImmutableArray<string>.Empty)
        );

    /// <summary><c>two-of-the-shops 1 of cy</c>.</summary>
    private static string Words(IEnumerable<CaseMissing> missing) =>
        string.Join("; ", missing.OrderBy(one => one.Requirement, StringComparer.Ordinal).Select(Words))
            is { Length: > 0 } words
            ? words
            : "nobody";

    private static string Words(CaseMissing missing) =>
        FormattableString.Invariant($"{missing.Requirement} {missing.Count}")
        + (
            missing.From is not { } from ? ""
            : from.IsEmpty ? " of nobody who is left"
            : $" of {string.Join(", ", from.Order(StringComparer.Ordinal))}"
        );
}
