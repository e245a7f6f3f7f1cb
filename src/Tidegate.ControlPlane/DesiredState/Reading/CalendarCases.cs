using System.Collections.Immutable;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>What somebody expects of a fleet's calendars, to be tried before a commit is merged.</summary>
/// <param name="At">An instant with its offset, <c>2026-11-27T22:00+01:00</c>.</param>
/// <param name="Class">Of the release; null is that nobody knows it.</param>
/// <param name="Risk">Of the release, or null.</param>
/// <param name="IsOpen">What is expected.</param>
/// <param name="By">The rule that closes, <c>retail/black-friday</c>; null where any may.</param>
/// <param name="Line">Where it begins in its file.</param>
public sealed record CalendarCase(
    string Tenant,
    string At,
    StartKind Kind,
    string? Class,
    string? Risk,
    bool IsOpen,
    string? By,
    int Line
);

/// <summary>What came of a case.</summary>
/// <param name="What">Of one that failed: one sentence; null for one that passed.</param>
public sealed record CalendarCaseResult(CalendarCase Case, string? What);

/// <summary>Reads cases and tries them.</summary>
public static class CalendarCases
{
    private const int MostCases = 2000;

    private static readonly Keys<CalendarCase> Keys = new(new("", "", StartKind.Manual, null, null, true, null, 1));

    private static readonly ObjectSchema Case = new(
        "case",
        "One question, and the answer that is expected.",
        [
            Keys.Required(
                "tenant",
                new TextKind("the name of a tenant", 40, NameRules.NamePattern),
                one => one.Tenant,
                "Who would start."
            ),
            Keys.Required(
                "at",
                new ReadTextKind(
                    "an instant with its offset, like 2026-11-27T22:00+01:00",
                    35,
                    text => CaseTime.Read(text)
                ),
                one => one.At,
                "When it would start."
            ),
            Keys.Required(
                "expect",
                new WordKind("open", "closed"),
                one => one.IsOpen ? "open" : "closed",
                "What is expected."
            ),
            Keys.Optional(
                "kind",
                new ChoiceKind<StartKind>(StartKind.Automatic, StartKind.Manual, StartKind.Healing),
                one => one.Kind,
                "Who would start it."
            ),
            Keys.Optional(
                "class",
                new WordKind("A", "B", "C", "D", "E"),
                one => one.Class,
                "The release's class; without it nobody knows it."
            ),
            Keys.Optional(
                "risk",
                new WordKind("low", "normal", "high"),
                one => one.Risk,
                "The release's risk; without it nobody knows it."
            ),
            Keys.Optional(
                "by",
                new TextKind("a rule with its calendar, like retail/black-friday", 81),
                one => one.By,
                "The rule that closes."
            ),
        ],
        values => new CalendarCase(
            values.Of<string>("tenant"),
            values.Of<string>("at"),
            values.Of<StartKind>("kind"),
            values.Text("class"),
            values.Text("risk"),
            values.Of<string>("expect") is "open",
            values.Text("by"),
            values.At.Line
        )
    );

    private static readonly ObjectSchema Schema = new(
        "file of cases",
        "Cases for a fleet's calendars.",
        [
            new Keys<Written>(new([])).Required(
                "cases",
                new ListKind(new MapKind(Case), least: 1, most: MostCases, isUnique: false),
                written => written.Cases.ToImmutableItems(),
                "The cases."
            ),
        ],
        values => new Written(values.Items<CalendarCase>("cases"))
    );

    /// <param name="path">What the file is called in problems.</param>
    /// <returns>The cases, or every problem of the file.</returns>
    public static (ImmutableArray<CalendarCase> Cases, ImmutableArray<FleetProblem> Problems) Read(
        string path,
        ReadOnlySpan<byte> content
    )
    {
        var document = DesiredDocument.Read(path, "cases", Schema, content);
        return document.Object is Written written ? (written.Cases, []) : ([], [.. document.Problems]);
    }

    public static ImmutableArray<CalendarCaseResult> Run(DesiredFleet fleet, IEnumerable<CalendarCase> cases)
    {
        var decider = new CalendarDecider(CalendarReading.Rules(fleet.Calendars));
        return [.. cases.Select(one => new CalendarCaseResult(one, Wrong(fleet, decider, one)))];
    }

    private static string? Wrong(DesiredFleet fleet, CalendarDecider decider, CalendarCase one)
    {
        if (fleet.Tenants.Find(new TenantName(one.Tenant)) is not { } tenant)
        {
            return $"there is no tenant {one.Tenant}";
        }

        var target = CalendarCover.Target(fleet, tenant) with
        {
            Class = one.Class,
            Risk = one.Risk,
            IsWithoutRelease = one is { Kind: StartKind.Healing, Class: null, Risk: null },
        };
        var decision = decider.Decide(new(target, one.Kind, CaseTime.Read(one.At)));
        var reasons = string.Join(' ', decision.Reasons.Select(reason => $"{reason.What} ({reason.Origin})"));
        return (one.IsOpen, decision.IsOpen) switch
        {
            (true, false) => $"it is closed: {reasons}",
            (false, true) => "it is open",
            (false, false) when one.By is { } rule && decision.Reasons.All(reason => reason.Rule != rule) =>
                $"{rule} does not close it: {reasons}",
            _ => null,
        };
    }

    private sealed record Written(ImmutableArray<CalendarCase> Cases);
}
