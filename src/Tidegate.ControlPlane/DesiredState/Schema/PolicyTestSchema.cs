using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What <c>policy-tests/NAME.yaml</c> says.</summary>
internal static class PolicyTestSchema
{
    private const int MostCases = 2000;

    public static readonly PolicyTest Example = new(
        new PolicyTestName("black-friday"),
        [
            new("a security fix waits for the week of Black Friday too", new("production"), "2026-11-27T23:00+01:00")
            {
                Tags = "flagship",
                By = ["bo"],
                Release = new()
                {
                    Class = "C",
                    Risk = ReleaseRisk.High,
                    Security = "CVE-2026-1234",
                    Authors = ["bo"],
                },
                Approvals = [new("ann", "2026-11-27T20:00+01:00", Rejects: false)],
                Delegations = [new("ann", "cy", null, "2026-12-01T00:00+01:00")],
                Expect = new()
                {
                    Start = false,
                    Held = ["approved", "freeze:retail/black-friday"],
                    Missing = [new("two-of-the-shops", 1, ["cy"])],
                    Opens = "2026-12-02T22:00 Europe/Oslo",
                },
            },
        ]
    );

    private static readonly Keys<PolicyCase> CaseKeys = new(new("", default, ""));

    private static readonly ObjectSchema Case = new(
        "case",
        "One start, and what is expected of it. What is not said stands in nobody's way.",
        [
            CaseKeys.Required(
                "name",
                new TextKind("one line of at most 200 letters", 200),
                one => one.Name,
                "What it shows, for people."
            ),
            CaseKeys.Required(
                "environment",
                new ReferenceKind(Folders.Environments),
                one => one.Environment.Value,
                "Whose policy is asked."
            ),
            CaseKeys.Optional(
                "tenants",
                new ListKind(new ReferenceKind(Folders.Tenants)),
                one => one.Tenants.Select(tenant => tenant.Value).ToImmutableItems(),
                "Who would start. Without it all of the environment that are in pool and have tags."
            ),
            CaseKeys.Optional(
                "pool",
                new ReferenceKind(Folders.Pools),
                one => one.Pool?.Value,
                "Only tenants of this pool."
            ),
            CaseKeys.Optional("tags", TagsKind.Expression, one => one.Tags, "Only tenants with these tags."),
            CaseKeys.Required("at", CaseKinds.Instant, one => one.At, "When it would start."),
            CaseKeys.Optional(
                "kind",
                new ChoiceKind<StartKind>(StartKind.Automatic, StartKind.Manual),
                one => one.Kind,
                "Whether git alone asks for it, or a person starts it."
            ),
            CaseKeys.Optional(
                "by",
                new ListKind(CaseKinds.Anybody("whoever asks"), most: 20),
                one => one.By.ToImmutableItems(),
                "Who asks for it, and who starts it: none of them can agree to it."
            ),
            CaseKeys.Optional(
                "release",
                new MapKind(PolicyCaseFactSchemas.Release),
                one => one.Release,
                PolicyCaseFactSchemas.Release.Description
            ),
            CaseKeys.Optional(
                "given",
                new MapKind(PolicyCaseFactSchemas.Given),
                one => one.Given,
                PolicyCaseFactSchemas.Given.Description
            ),
            CaseKeys.Optional(
                "approvals",
                new ListKind(new MapKind(PolicyCaseFactSchemas.Approval), most: 100, isUnique: false),
                one => one.Approvals.ToImmutableItems(),
                "What people have said of the plan."
            ),
            CaseKeys.Optional(
                "delegations",
                new ListKind(new MapKind(PolicyCaseFactSchemas.Delegation), most: 100, isUnique: false),
                one => one.Delegations.ToImmutableItems(),
                "Who may agree in whose place."
            ),
            CaseKeys.Optional(
                "emergency",
                new MapKind(PolicyCaseFactSchemas.Emergency),
                one => one.Emergency,
                PolicyCaseFactSchemas.Emergency.Description
            ),
            CaseKeys.Required(
                "expect",
                new MapKind(PolicyCaseExpectationSchema.Schema),
                one => one.Expect,
                PolicyCaseExpectationSchema.Schema.Description
            ),
        ],
        values => new PolicyCase(
            values.Of<string>("name"),
            new EnvironmentName(values.Of<string>("environment")),
            values.Of<string>("at")
        )
        {
            Tenants = [.. values.Items<string>("tenants").Select(TenantName.Create)],
            Pool = values.Text("pool") is { } pool ? new PoolName(pool) : null,
            Tags = values.Text("tags"),
            Kind = values.Has("emergency") ? StartKind.Manual : values.Of<StartKind>("kind"),
            By = values.Items<string>("by"),
            Release = values.Of<CaseRelease>("release"),
            Given = values.Of<CaseWorld>("given"),
            Approvals = values.Items<CaseApproval>("approvals"),
            Delegations = values.Items<CaseDelegation>("delegations"),
            Emergency = values.Of<CaseEmergency?>("emergency"),
            Expect = values.Of<CaseExpectation>("expect"),
            Line = values.At.Line,
        }
    );

    private static readonly Keys<PolicyTest> Keys = new(new(default, []));

    public static readonly ObjectSchema Schema = new(
        "policy-test",
        "Cases for policies and calendars, tried by tidegate policy test. Nothing that runs depends on them.",
        [
            Keys.Required(
                "cases",
                new ListKind(new MapKind(Case), least: 1, most: MostCases, isUnique: false),
                test => test.Cases.ToImmutableItems(),
                "The cases."
            ),
        ],
        values => new PolicyTest(new PolicyTestName(values.Name), values.Items<PolicyCase>("cases"))
    );
}
