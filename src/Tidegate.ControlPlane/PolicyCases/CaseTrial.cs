using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.PolicyCases;

/// <summary>Tries cases against a fleet. Pure: the same gates, calendars and limits are asked that planner and engine ask.</summary>
public static class CaseTrial
{
    private const string Nothing = "nothing";
    private const string Nobody = "nobody";

    private static readonly DurationKind Durations = new(TimeSpan.FromDays(365));

    public static ImmutableArray<CaseOutcome> Run(DesiredFleet fleet, IEnumerable<PolicyTest> tests)
    {
        var calendars = CalendarSet.Of(fleet.Calendars);
        return
        [
            .. tests.SelectMany(test =>
                test.Cases.Select(one =>
                    Run(
                        new(fleet, calendars, one),
                        FormattableString.Invariant($"{Folders.PolicyTests.FileOf(test.Name.Value)}:{one.Line}")
                    )
                )
            ),
        ];
    }

    private static CaseOutcome Run(CaseStart start, string place)
    {
        var rules = new CaseRules(start);
        var gates = CaseGating.Ask(start).ToList();
        var common = OfAll(start).ToList();
        if (start.Tenants.IsEmpty)
        {
            common.Insert(0, new("tenants", "somebody", Nobody));
        }

        CaseOutcome? first = null;
        var others = 0;
        foreach (var tenant in start.Tenants)
        {
            var (closed, opens) = rules.Calendars(tenant);
            IReadOnlyList<CaseHolder> holders = start.Refused is null
                ? [.. gates, .. closed, .. rules.Limits(tenant)]
                : gates;
            var differences = OfTenant(start, tenant, holders, opens).ToList();
            if (differences.Count == 0)
            {
                continue;
            }

            if (first is not null)
            {
                others++;
                continue;
            }

            first = new(start.Case, place, [.. differences, .. common])
            {
                Tenant = tenant.Name,
                Rules = [.. holders, .. Absent(start, holders)],
            };
        }

        return first is null ? new(start.Case, place, [.. common]) : first with { Others = others };
    }

    private static IEnumerable<CaseDifference> OfTenant(
        CaseStart start,
        DesiredTenant tenant,
        IReadOnlyList<CaseHolder> holders,
        Instant? opens
    )
    {
        var expect = start.Case.Expect;
        var held = holders.Select(holder => holder.Name).Distinct(StringComparer.Ordinal).ToList();
        if (expect.Start is { } starts && starts != (held.Count == 0))
        {
            yield return new("start", Word(starts), Word(!starts));
        }

        if (expect.Held is { } expected && !held.ToHashSet(StringComparer.Ordinal).SetEquals(expected))
        {
            yield return new("held", List(expected), List(held));
        }

        Instant? opening = expect.Opens is null or CaseExpectation.Never ? null : CaseTime.Read(expect.Opens);
        if (expect.Opens is { } written && opening != opens)
        {
            yield return new(
                "opens",
                written,
                opens is { } at
                    ? CalendarWords.Of(at, DateTimeZoneProviders.Tzdb[tenant.TimeZone])
                    : CaseExpectation.Never
            );
        }
    }

    /// <summary>What is the same for every tenant.</summary>
    private static IEnumerable<CaseDifference> OfAll(CaseStart start)
    {
        var (expect, terms) = (start.Case.Expect, start.Terms);
        if (
            expect.Missing is { } missing
            && CaseMissingWords.Difference(missing, start.Approval) is var (wanted, found)
        )
        {
            yield return new("missing", wanted, found, terms.Places.GetValueOrDefault("approvals.requirements"));
        }

        var limits = expect.Limits ?? new();
        var (rules, risk) = (start.Rules, terms.Policy.Limits.AtRisk);
        (string What, string? Expected, string? Got, string Key)[] values =
        [
            ("second", Word(expect.Second), Word(start.Emergency?.SecondUntil is not null), "emergency.overrides"),
            ("soak", Word(expect.Soak), Word(terms.Soak), "soak"),
            ("bake", Word(expect.Bake), Word(rules.Bake), "rollout.bake"),
            ("limits.concurrency", Word(limits.Concurrency), Word(rules.Concurrency), "limits.concurrency"),
            ("limits.failureBudget", Word(limits.FailureBudget), Word(rules.FailureBudget), "limits.failureBudget"),
            ("limits.tenants", Word(limits.Tenants), Word(risk.Tenants), RiskWords.Key(RiskMeasure.Tenants)),
            ("limits.stores", Word(limits.Stores), Word(risk.Stores), RiskWords.Key(RiskMeasure.Stores)),
            ("limits.revenue", Word(limits.Revenue), Word(risk.Revenue), RiskWords.Key(RiskMeasure.Revenue)),
        ];
        foreach (var (what, expected, got, key) in values)
        {
            if (expected is not null && expected != got)
            {
                yield return new(what, expected, got ?? Nothing, terms.Places.GetValueOrDefault(key));
            }
        }
    }

    /// <summary>What was expected to keep it and does not, with where it stands.</summary>
    private static IEnumerable<CaseHolder> Absent(CaseStart start, IReadOnlyList<CaseHolder> holders) =>
        (start.Case.Expect.Held ?? [])
            .Where(name => holders.All(holder => holder.Name != name))
            .Select(name => new CaseHolder(name, "It does not keep this start.", Place(start, name)));

    private static string? Place(CaseStart start, string name) =>
        RuleOverrides.IsRule(name)
            ? start.Calendars.Rules.FirstOrDefault(rule => RuleOverrides.Of(rule) == name)?.Origin
            : start.Terms.Places.GetValueOrDefault(name) ?? RulePlaces.Of(start.Terms, name);

    private static string List(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : Nothing;

    private static string Word(bool value) => value ? "true" : "false";

    private static string? Word(bool? value) => value is { } said ? Word(said) : null;

    private static string? Word(int? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Word(TimeSpan? value) => value is { } said ? (string)Durations.Write(said)! : null;
}
