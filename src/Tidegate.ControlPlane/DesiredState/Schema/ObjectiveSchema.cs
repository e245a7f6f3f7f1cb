using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What <c>objectives/NAME.yaml</c> says.</summary>
internal static class ObjectiveSchema
{
    public static readonly RecoveryObjective Example = new(
        new ObjectiveName("order-capture"),
        "order-capture",
        TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(1)
    )
    {
        Environments = [new EnvironmentName("production")],
        Documents = ["sale.order", "pos.order"],
        Drills = new() { TenantCorruption = TimeSpan.FromDays(30), ClusterLoss = TimeSpan.FromDays(90) },
        Proof = GateDemand.Required,
    };

    private static readonly DurationKind Bound = new(TimeSpan.FromDays(365));

    private static readonly TextKind Word = new(
        "1 to 40 lower-case letters, digits and hyphens, beginning with a letter",
        NameRules.LongestName,
        NameRules.NamePattern
    );

    private static readonly Keys<DrillCadence> DrillKeys = new(new());

    private static readonly ObjectSchema Drills = new(
        "map of drills",
        "How often each scenario is drilled. One that is not named is not asked for.",
        [.. DrillScenarios.All.Select(Drill)],
        values => new DrillCadence
        {
            FailedApplicationRelease = Said(values, DrillScenario.FailedApplicationRelease),
            FaultyMigration = Said(values, DrillScenario.FaultyMigration),
            TenantCorruption = Said(values, DrillScenario.TenantCorruption),
            ClusterLoss = Said(values, DrillScenario.ClusterLoss),
            SiteLoss = Said(values, DrillScenario.SiteLoss),
            ControlPlaneLoss = Said(values, DrillScenario.ControlPlaneLoss),
        }
    );

    private static readonly Keys<RecoveryObjective> Keys = new(new(default, "", default, default));

    public static readonly ObjectSchema Schema = new(
        "objective",
        "How soon a business process must work again after a loss, and how much of it may be lost.",
        [
            Keys.Required(
                "process",
                Word,
                objective => objective.Process,
                "The business process: checkout-continuity, order-capture, inventory-accuracy, finance-posting, or a word of your own. A tenant has one objective of a process."
            ),
            Keys.Required(
                "recoveryTime",
                Bound,
                objective => objective.RecoveryTime,
                "From the loss until the process works again."
            ),
            Keys.Required(
                "recoveryPoint",
                Bound,
                objective => objective.RecoveryPoint,
                "How far what is recovered may lie behind what had been written."
            ),
            Keys.Optional(
                "environments",
                new ListKind(new ReferenceKind(Folders.Environments), most: 100),
                objective => objective.Environments.Select(environment => environment.Value).ToImmutableItems(),
                "It is the objective of every tenant of these."
            ),
            Keys.Optional(
                "tags",
                new ListKind(Word, most: 100),
                objective => objective.Tags.ToImmutableItems(),
                "And of every tenant with one of these tags."
            ),
            Keys.Optional(
                "tenants",
                new ListKind(new ReferenceKind(Folders.Tenants)),
                objective => objective.Tenants.Select(tenant => tenant.Value).ToImmutableItems(),
                "And of these tenants."
            ),
            Keys.Optional(
                "documents",
                new ListKind(
                    new TextKind(
                        "an Odoo model by its technical name, like sale.order",
                        100,
                        "[a-z][a-z0-9_]*([.][a-z0-9_]+)*"
                    ),
                    most: 100
                ),
                objective => objective.Documents.ToImmutableItems(),
                "The business documents that the process writes: what a recovery loses is counted in them."
            ),
            Keys.Optional("drills", new MapKind(Drills), objective => objective.Drills, Drills.Description),
            Keys.Optional(
                "proof",
                new ChoiceKind<GateDemand>(GateDemand.Report, GateDemand.Required),
                objective => objective.Proof,
                "What a drill that is overdue or failed means for gates that ask for proof. It is a blocker either way."
            ),
        ],
        values => new RecoveryObjective(
            new ObjectiveName(values.Name),
            values.Of<string>("process"),
            values.Of<TimeSpan>("recoveryTime"),
            values.Of<TimeSpan>("recoveryPoint")
        )
        {
            Environments = [.. values.Items<string>("environments").Select(EnvironmentName.Create)],
            Tags = values.Items<string>("tags"),
            Tenants = [.. values.Items<string>("tenants").Select(TenantName.Create)],
            Documents = values.Items<string>("documents"),
            Drills = values.Of<DrillCadence>("drills"),
            Proof = values.Of<GateDemand>("proof"),
        }
    );

    private static Key Drill(DrillScenario scenario) =>
        DrillKeys.Optional(
            scenario.Word(),
            Bound,
            drills => drills.Of(scenario),
            $"How often {Loss(scenario)} is drilled."
        );

    private static TimeSpan? Said(Values values, DrillScenario scenario) => values.Said<TimeSpan>(scenario.Word());

    private static string Loss(DrillScenario scenario) =>
        scenario switch
        {
            DrillScenario.FailedApplicationRelease => "a release that cannot serve",
            DrillScenario.FaultyMigration => "a migration that damaged data",
            DrillScenario.TenantCorruption => "damage to one tenant's data",
            DrillScenario.ClusterLoss => "the loss of a site's PostgreSQL",
            DrillScenario.SiteLoss => "the loss of a whole site",
            DrillScenario.ControlPlaneLoss => "the loss of the control plane's database",
        };
}
