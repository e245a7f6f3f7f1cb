namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What a case expects.</summary>
internal static class PolicyCaseExpectationSchema
{
    private static readonly TextKind Holder = new(
        "a gate, a rule of a calendar by what it does and its whole name, or a limit, like approved, freeze:retail/black-friday or limits.atRisk.tenants",
        120
    );

    private static readonly Keys<CaseMissing> MissingKeys = new(new("", 0, null));

    private static readonly ObjectSchema Missing = new(
        "map of a requirement",
        "A requirement that is not met.",
        [
            MissingKeys.Required(
                "requirement",
                new TextKind("the name of a requirement, or authors unknown", 40),
                missing => missing.Requirement,
                "Its name in the policy."
            ),
            MissingKeys.Required(
                "count",
                new NumberKind(1, 20),
                missing => missing.Count,
                "How many more have to agree."
            ),
            MissingKeys.Optional(
                "from",
                new ListKind(new MemberKind("the name of a person of tidegate.yaml")),
                missing => missing.From is { } from ? from.ToImmutableItems() : null,
                "Exactly who could agree now, and be one of them."
            ),
        ],
        values => new CaseMissing(
            values.Of<string>("requirement"),
            values.Of<int>("count"),
            values.Has("from") ? values.Items<string>("from") : null
        )
    );

    private static readonly Keys<CaseLimits> LimitKeys = new(new());

    private static readonly ObjectSchema Limits = new(
        "map of limits",
        "What no rollout goes beyond.",
        [
            Limit(
                "concurrency",
                limits => limits.Concurrency,
                "Tenants at once on each site, as a rollout would take it."
            ),
            Limit(
                "failureBudget",
                limits => limits.FailureBudget,
                "Tenants that may go back, as a rollout would take it."
            ),
            Limit("tenants", limits => limits.Tenants, "Percent of the tenants at risk at once."),
            Limit("stores", limits => limits.Stores, "Percent of the stores at risk at once."),
            Limit("revenue", limits => limits.Revenue, "Percent of the revenue at risk at once."),
        ],
        values => new CaseLimits
        {
            Concurrency = values.Said<int>("concurrency"),
            FailureBudget = values.Said<int>("failureBudget"),
            Tenants = values.Said<int>("tenants"),
            Stores = values.Said<int>("stores"),
            Revenue = values.Said<int>("revenue"),
        }
    );

    private static readonly Keys<CaseExpectation> Keys = new(new());

    public static readonly ObjectSchema Schema = new(
        "map of what is expected",
        "What is expected of each of the tenants. What is not said is not looked at.",
        [
            Keys.Optional("start", new FlagKind(), expect => expect.Start, "Whether it may start."),
            Keys.Optional(
                "held",
                new ListKind(Holder, most: 50),
                expect => expect.Held is { } held ? held.ToImmutableItems() : null,
                "Exactly what keeps it."
            ),
            Keys.Optional(
                "missing",
                new ListKind(new MapKind(Missing), most: 51, isUnique: false),
                expect => expect.Missing is { } missing ? missing.ToImmutableItems() : null,
                "Exactly the requirements of approval that are not met."
            ),
            Keys.Optional(
                "opens",
                new ReadTextKind(
                    "an instant with its offset or zone, like 2026-11-27T22:00+01:00 or 2026-11-27T22:00 Europe/Oslo, or never",
                    CaseTime.Longest,
                    Opens
                ),
                expect => expect.Opens,
                "When calendars let it start: the instant of the case where they do; never where that is not in sight."
            ),
            Keys.Optional(
                "second",
                new FlagKind(),
                expect => expect.Second,
                "Whether the emergency asks for a second person."
            ),
            Keys.Optional(
                "soak",
                new DurationKind(TimeSpan.FromDays(365)),
                expect => expect.Soak,
                "How long the release has to stay upstream."
            ),
            Keys.Optional(
                "bake",
                new DurationKind(TimeSpan.FromDays(7)),
                expect => expect.Bake,
                "How long each tenant is watched after opening."
            ),
            Keys.Optional("limits", new MapKind(Limits), expect => expect.Limits, Limits.Description),
        ],
        values => new CaseExpectation
        {
            Start = values.Said<bool>("start"),
            Held = values.Has("held") ? values.Items<string>("held") : null,
            Missing = values.Has("missing") ? values.Items<CaseMissing>("missing") : null,
            Opens = values.Text("opens"),
            Second = values.Said<bool>("second"),
            Soak = values.Said<TimeSpan>("soak"),
            Bake = values.Said<TimeSpan>("bake"),
            Limits = values.Of<CaseLimits?>("limits"),
        }
    )
    {
        Check = values =>
            !Array.Exists(Names, values.Has)
                ? new(null, "nothing is expected.", $"Say at least one of {string.Join(", ", Names)}.")
            : values.Said<bool>("start") is true && values.Items<string>("held").Length > 0
                ? new("held", "what starts is held by nothing.", "Say start: false, or leave held out.")
            : null,
    };

    private static string[] Names => ["start", "held", "missing", "opens", "second", "soak", "bake", "limits"];

    private static void Opens(string text)
    {
        if (text != CaseExpectation.Never)
        {
            CaseTime.Read(text);
        }
    }

    private static Key Limit(string name, Func<CaseLimits, object?> get, string description) =>
        LimitKeys.Optional(name, new NumberKind(0, 1_000_000), get, description);
}
