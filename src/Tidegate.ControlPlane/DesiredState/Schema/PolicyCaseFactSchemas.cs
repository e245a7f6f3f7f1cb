using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What a case says of the world.</summary>
internal static class PolicyCaseFactSchemas
{
    private static readonly Keys<CaseRelease> ReleaseKeys = new(new());

    public static readonly ObjectSchema Release = new(
        "map of a release",
        "What is known of the release.",
        [
            ReleaseKeys.Optional(
                "name",
                new ReferenceKind(Folders.Releases),
                release => release.Name?.Value,
                "One of the fleet's: its file says risk and security where the case does not."
            ),
            ReleaseKeys.Optional(
                "class",
                new WordKind("A", "B", "C", "D", "E"),
                release => release.Class,
                "Proven by rehearsals. Without it nobody knows the class, and what speaks of any class speaks of it."
            ),
            ReleaseKeys.Optional(
                "risk",
                new ChoiceKind<ReleaseRisk>(ReleaseRisk.Low, ReleaseRisk.Normal, ReleaseRisk.High),
                release => release.Risk,
                "What its makers think can go wrong; normal where neither case nor file says."
            ),
            ReleaseKeys.Optional(
                "security",
                new TextKind("a text of at most 500 letters", 500),
                release => release.Security,
                "What it closes, where it is a security fix."
            ),
            ReleaseKeys.Optional(
                "authors",
                new ListKind(CaseKinds.Anybody("whoever wrote it"), most: 100),
                release => release.Authors.ToImmutableItems(),
                "Who wrote what it brings: none of them can agree to it. Somebody who is nobody's account, address or key is unknown."
            ),
            ReleaseKeys.Optional(
                "unproven",
                new FlagKind(),
                release => release.Unproven,
                "Neither a signature nor the forge tells who wrote it."
            ),
        ],
        values => new CaseRelease
        {
            Name = values.Text("name") is { } name ? new ReleaseName(name) : null,
            Class = values.Text("class"),
            Risk = values.Said<ReleaseRisk>("risk"),
            Security = values.Text("security"),
            Authors = values.Items<string>("authors"),
            Unproven = values.Of<bool>("unproven"),
        }
    );

    private static readonly Keys<CaseGates> GateKeys = new(new());

    private static readonly ObjectSchema Gates = new(
        "map of gates",
        "What gates found whose facts are measured. They count where the policy asks them.",
        [.. CaseGates.Names.Select(Gate)],
        values => new CaseGates
        {
            Verdicts = CaseGates
                .Names.Where(values.Has)
                .ToImmutableSortedDictionary(name => name, values.Of<GateVerdict>, StringComparer.Ordinal),
        }
    );

    private static readonly Keys<CaseWorld> GivenKeys = new(new());

    public static readonly ObjectSchema Given = new(
        "map of what is given",
        "How things stand at that instant. What is not said stands in nobody's way.",
        [
            GivenKeys.Optional(
                "soaked",
                new DurationKind(TimeSpan.FromDays(365)),
                given => given.Soaked,
                "How long the release has been verified upstream; without it for long enough."
            ),
            GivenKeys.Optional(
                "unverified",
                new FlagKind(),
                given => given.Unverified,
                "The release does not run in the environments upstream."
            ),
            GivenKeys.Optional("running", new FlagKind(), given => given.Running, "A rollout of another release runs."),
            GivenKeys.Optional(
                "reviewOpen",
                new FlagKind(),
                given => given.ReviewOpen,
                "An emergency of the environment is not reviewed yet."
            ),
            GivenKeys.Optional(
                "need",
                new DurationKind(TimeSpan.FromDays(7)),
                given => given.Need,
                "How long a tenant needs, with as long again for the way back: it has to end before it closes."
            ),
            GivenKeys.Optional(
                "started",
                new NumberKind(0, 1_000_000),
                given => given.Started,
                "How many tenants have started in the present opening of each window with mostStarts."
            ),
            GivenKeys.Optional(
                "atRisk",
                new ListKind(new ReferenceKind(Folders.Tenants)),
                given => given.AtRisk.Select(tenant => tenant.Value).ToImmutableItems(),
                "Tenants of the environment that have begun and not ended."
            ),
            GivenKeys.Optional("gates", new MapKind(Gates), given => given.Gates, Gates.Description),
        ],
        values => new CaseWorld
        {
            Soaked = values.Said<TimeSpan>("soaked"),
            Unverified = values.Of<bool>("unverified"),
            Running = values.Of<bool>("running"),
            ReviewOpen = values.Of<bool>("reviewOpen"),
            Need = values.Of<TimeSpan>("need"),
            Started = values.Of<int>("started"),
            AtRisk = [.. values.Items<string>("atRisk").Select(TenantName.Create)],
            Gates = values.Of<CaseGates>("gates"),
        }
    );

    private static readonly Keys<CaseApproval> ApprovalKeys = new(new("", null, Rejects: false));

    public static readonly ObjectSchema Approval = new(
        "map of an approval",
        "Something that somebody has said of the plan.",
        [
            ApprovalKeys.Required("by", CaseKinds.Anybody("a person"), said => said.By, "Who."),
            ApprovalKeys.Optional(
                "at",
                CaseKinds.Instant,
                said => said.At,
                "When: it counts for as long as the policy says. Without it just before the start."
            ),
            ApprovalKeys.Optional("rejects", new FlagKind(), said => said.Rejects, "It was a no."),
            ApprovalKeys.Optional(
                "service",
                new FlagKind(),
                said => said.IsService,
                "A service account said it, whoever has its name: it never counts."
            ),
        ],
        values => new CaseApproval(values.Of<string>("by"), values.Text("at"), values.Of<bool>("rejects"))
        {
            IsService = values.Of<bool>("service"),
        }
    );

    private static readonly Keys<CaseDelegation> DelegationKeys = new(new("", "", null, null));

    public static readonly ObjectSchema Delegation = new(
        "map of a delegation",
        "Somebody may agree in another's place.",
        [
            DelegationKeys.Required("from", CaseKinds.Anybody("a person"), given => given.From, "Whose place it is."),
            DelegationKeys.Required("to", CaseKinds.Anybody("a person"), given => given.To, "Who may take it."),
            DelegationKeys.Optional(
                "begins",
                CaseKinds.Instant,
                given => given.Begins,
                "From when on; without it long before."
            ),
            DelegationKeys.Optional("ends", CaseKinds.Instant, given => given.Ends, "Until when; without it for long."),
        ],
        values => new CaseDelegation(
            values.Of<string>("from"),
            values.Of<string>("to"),
            values.Text("begins"),
            values.Text("ends")
        )
    );

    private static readonly Keys<CaseEmergency> EmergencyKeys = new(new());

    public static readonly ObjectSchema Emergency = new(
        "map of an emergency",
        "It is an emergency: a person's start, past git and past what it names.",
        [
            EmergencyKeys.Optional(
                "overrides",
                new ListKind(
                    new TextKind(
                        "approved, protected, drilled, or a rule of a calendar by what it does and its whole name, like freeze:retail/black-friday",
                        120
                    ),
                    most: 100
                ),
                emergency => emergency.Overrides.ToImmutableItems(),
                "What it names."
            ),
            EmergencyKeys.Optional(
                "lasts",
                new DurationKind(TimeSpan.FromDays(365), TimeSpan.FromSeconds(1)),
                emergency => emergency.Lasts,
                "How long it is to last; without it as long as one that does not say."
            ),
        ],
        values => new CaseEmergency
        {
            Overrides = values.Items<string>("overrides"),
            Lasts = values.Said<TimeSpan>("lasts"),
        }
    );

    private static Key Gate(string name) =>
        GateKeys.Optional(
            name,
            new ChoiceKind<GateVerdict>(
                GateVerdict.Pass,
                GateVerdict.Fail,
                GateVerdict.Inconclusive,
                GateVerdict.Error
            ),
            gates => gates.Of(name),
            $"What the gate {name} says."
        );
}
