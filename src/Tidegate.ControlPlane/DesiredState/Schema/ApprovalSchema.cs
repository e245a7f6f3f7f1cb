using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What a policy says of approvals.</summary>
internal static class ApprovalSchema
{
    private static readonly MemberKind Member = new("the name of a person or group of tidegate.yaml");

    private static readonly Keys<ApprovalRequirement> RequirementKeys = new(new(""));

    private static readonly ObjectSchema Requirement = new(
        "requirement",
        "So many of these people have to agree.",
        [
            RequirementKeys.Required(
                "name",
                PeopleSchema.Name,
                requirement => requirement.Name,
                "What it is called where it is told that it is not met."
            ),
            RequirementKeys.Optional(
                "count",
                new NumberKind(1, 20),
                requirement => requirement.Count,
                "How many have to agree."
            ),
            RequirementKeys.Required(
                "from",
                new ListKind(Member, least: 1, most: 100),
                requirement => requirement.From.ToImmutableItems(),
                "Who may: groups, and people by name."
            ),
            RequirementKeys.Optional(
                "including",
                new ListKind(Member, most: 20),
                requirement => requirement.Including.ToImmutableItems(),
                "At least one of each of these is among those that agree."
            ),
            RequirementKeys.Optional(
                "risk",
                new ListKind(new ChoiceKind<ReleaseRisk>(ReleaseRisk.Low, ReleaseRisk.Normal, ReleaseRisk.High)),
                requirement =>
                    requirement.When.Risks.Select(risk => Enum.Parse<ReleaseRisk>(risk, true)).ToImmutableItems(),
                "Only for releases of these risks."
            ),
            RequirementKeys.Optional(
                "class",
                new ListKind(new TextKind("a class from A to E", 1, "[A-E]"), most: 5),
                requirement => requirement.When.Classes.ToImmutableItems(),
                "Only for releases that rehearsals proved to be of these classes, and for those that none has proven."
            ),
            RequirementKeys.Optional(
                "tags",
                TagsKind.Expression,
                requirement => requirement.When.Tags,
                "Only for work that reaches a tenant with these tags: words with and, or, not and parentheses."
            ),
        ],
        values => new ApprovalRequirement(values.Of<string>("name"))
        {
            Count = values.Of<int>("count"),
            From = values.Items<string>("from"),
            Including = values.Items<string>("including"),
            When = new()
            {
                Risks = [.. values.Items<ReleaseRisk>("risk").Select(risk => risk.ToString().ToLowerInvariant())],
                Classes = values.Items<string>("class"),
                Tags = values.Text("tags"),
            },
        }
    );

    private static readonly Keys<ApprovalPolicy> Keys = new(new());

    public static readonly ObjectSchema Schema = new(
        "map of approvals",
        "Who has to agree before work begins. Without requirements nobody is asked.",
        [
            Keys.Optional(
                "requirements",
                new ListKind(new MapKind(Requirement), most: 50, isUnique: false),
                approvals => approvals.Requirements.ToImmutableItems(),
                "All that speak of the work have to be met at once, and nobody counts for two."
            ),
            Keys.Optional(
                "expiry",
                new DurationKind(TimeSpan.FromDays(365)),
                approvals => approvals.Expiry,
                "How long an approval counts after it was given."
            ),
            Keys.Optional(
                "lossLimit",
                new NumberKind(0, 1_000_000),
                approvals => approvals.LossLimit,
                "How many rows of business documents the way back from an approved plan may cost without a further word."
            ),
        ],
        values => new ApprovalPolicy
        {
            Requirements = values.Items<ApprovalRequirement>("requirements"),
            Expiry = values.Of<TimeSpan>("expiry"),
            LossLimit = values.Of<int>("lossLimit"),
        }
    );
}
