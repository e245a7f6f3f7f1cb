using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What <c>policies/NAME.yaml</c> says.</summary>
internal static class PolicySchema
{
    public static readonly EnvironmentPolicy Example = new(new PolicyName("careful"))
    {
        Rollout = new RolloutRules(Canaries: ["shop-oslo"], WaveSizes: [1, 5, 0], BakeSeconds: 1800),
        Limits = new()
        {
            AtRisk = new() { Tenants = 10, Stores = 20 },
        },
        Gates = new() { Validation = GateDemand.Required, Parity = GateDemand.Report },
        Protection = new()
        {
            Backup = TimeSpan.FromHours(26),
            Archive = true,
            Restore = TimeSpan.FromDays(30),
            Disk = 1.5,
            Rehearsal = TimeSpan.FromDays(7),
        },
        Source = new() { OtherMerger = true },
        Approvals = new()
        {
            Requirements =
            [
                new("two-of-the-shops") { Count = 2, From = ["shop-managers"] },
                new("safety")
                {
                    From = ["safety"],
                    When = new() { Risks = ["high"], Classes = ["D", "E"] },
                },
            ],
        },
    };

    private static readonly Keys<GatePolicy> GateKeys = new(new());

    private static readonly ObjectSchema Gates = new(
        "map of gates",
        "Which gates a release passes before it enters an environment.",
        [
            Gate(
                "validation",
                gates => gates.Validation,
                "The release's stored validation has no error-level finding."
            ),
            Gate("capability", gates => gates.Capability, "Its digest has a proven capability record."),
            Gate(
                "configuration",
                gates => gates.Configuration,
                "The options of the environment's pools are legal for its series and fit the site."
            ),
            GateKeys.Optional(
                "parity",
                new ChoiceKind<GateDemand>(GateDemand.Off, GateDemand.Report, GateDemand.Required),
                gates => gates.Parity,
                "The upstream environment resembles this one. With report differences are shown and nothing waits for them."
            ),
            Gate(
                "drilled",
                gates => gates.Drilled,
                "The drills that objectives with proof: required ask for were played in time and came out well."
            ),
        ],
        values => new GatePolicy
        {
            Validation = values.Of<GateDemand>("validation"),
            Capability = values.Of<GateDemand>("capability"),
            Configuration = values.Of<GateDemand>("configuration"),
            Parity = values.Of<GateDemand>("parity"),
            Drilled = values.Of<GateDemand>("drilled"),
        }
    );

    private static readonly Keys<SourcePolicy> SourceKeys = new(new());

    private static readonly ObjectSchema Source = new(
        "map of source rules",
        "How the fleet repository is protected before a commit may change an environment.",
        [
            SourceKeys.Optional(
                "signedBy",
                new ListKind(
                    new TextKind(
                        "a key's fingerprint as git prints it: 40 or 64 hexadecimal digits in upper case, or SHA256: and 43 letters",
                        64,
                        "[0-9A-F]{40}|[0-9A-F]{64}|SHA256:[A-Za-z0-9+/]{43}"
                    ),
                    most: 100
                ),
                source => source.SignedBy.ToImmutableItems(),
                "Keys that may sign a commit. Without any, signatures are not asked for."
            ),
            SourceKeys.Optional(
                "otherMerger",
                new FlagKind(),
                source => source.OtherMerger,
                "Somebody other than the author must have merged it."
            ),
            SourceKeys.Optional(
                "review",
                new FlagKind(),
                source => source.Review,
                "The forge must have recorded a review."
            ),
        ],
        values => new SourcePolicy
        {
            SignedBy = values.Items<string>("signedBy"),
            OtherMerger = values.Of<bool>("otherMerger"),
            Review = values.Of<bool>("review"),
        }
    );

    private static readonly Keys<EnvironmentPolicy> Keys = new(EnvironmentPolicy.Default);

    public static readonly ObjectSchema Schema = new(
        "policy",
        "What environments ask of change. Every key has a default.",
        [
            Keys.Optional(
                "start",
                new ChoiceKind<StartMode>(StartMode.Automatic, StartMode.Manual),
                policy => policy.Start,
                "Whether planned work starts by itself when its gates pass, or when a person says so."
            ),
            Keys.Optional(
                "whenBusy",
                new ChoiceKind<BusyMode>(BusyMode.Wait, BusyMode.Supersede),
                policy => policy.WhenBusy,
                "What a newer release does while a rollout runs: wait for its end, or take over the tenants that it has not begun."
            ),
            Keys.Optional(
                "rollout",
                new MapKind(RolloutSchema.Schema),
                policy => policy.Rollout,
                "Rules of its rollouts."
            ),
            Keys.Optional(
                "limits",
                new MapKind(LimitSchema.Schema),
                policy => policy.Limits,
                LimitSchema.Schema.Description
            ),
            Keys.Optional("gates", new MapKind(Gates), policy => policy.Gates, Gates.Description),
            Keys.Optional(
                "protection",
                new MapKind(ProtectionSchema.Schema),
                policy => policy.Protection,
                ProtectionSchema.Schema.Description
            ),
            Keys.Optional("source", new MapKind(Source), policy => policy.Source, Source.Description),
            Keys.Optional(
                "approvals",
                new MapKind(ApprovalSchema.Schema),
                policy => policy.Approvals,
                ApprovalSchema.Schema.Description
            ),
            Keys.Optional(
                "emergency",
                new MapKind(EmergencySchema.Schema),
                policy => policy.Emergency,
                EmergencySchema.Schema.Description
            ),
            Keys.Optional(
                "expedited",
                new MapKind(ExpeditedSchema.Schema),
                policy => policy.Expedited,
                ExpeditedSchema.Schema.Description
            ),
            Keys.Optional(
                "drift",
                new ChoiceKind<DriftMode>(DriftMode.Report, DriftMode.Heal),
                policy => policy.Drift,
                "What is done about live state that differs: shown, or made equal again by the engine."
            ),
        ],
        values => new EnvironmentPolicy(new PolicyName(values.Name))
        {
            Start = values.Of<StartMode>("start"),
            WhenBusy = values.Of<BusyMode>("whenBusy"),
            Rollout = values.Of<RolloutRules>("rollout"),
            Limits = values.Of<LimitPolicy>("limits"),
            Gates = values.Of<GatePolicy>("gates"),
            Protection = values.Of<ProtectionPolicy>("protection"),
            Source = values.Of<SourcePolicy>("source"),
            Approvals = values.Of<ApprovalPolicy>("approvals"),
            Emergency = values.Of<EmergencyPolicy>("emergency"),
            Expedited = values.Of<ExpeditedPolicy>("expedited"),
            Drift = values.Of<DriftMode>("drift"),
            Lines = values.Lines(),
        }
    )
    {
        Check = LimitSchema.Check,
    };

    private static Key Gate(string name, Func<GatePolicy, object?> get, string description) =>
        GateKeys.Optional(name, new ChoiceKind<GateDemand>(GateDemand.Off, GateDemand.Required), get, description);
}
