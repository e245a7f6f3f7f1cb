using Tidegate.Contracts.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Objectives;

/// <summary>Objectives as the API shows them.</summary>
internal static class ObjectiveDocuments
{
    private const int MostTenants = 1000;

    public static ObjectiveView View(this ObjectiveTerms terms)
    {
        var objective = terms.Objective;
        return new(
            objective.Name.Value,
            objective.Process,
            objective.RecoveryTime.TotalSeconds,
            objective.RecoveryPoint.TotalSeconds,
            objective.Documents,
            [
                .. DrillScenarios
                    .All.Where(scenario => objective.Drills.Of(scenario) is not null)
                    .Select(scenario => new CadenceView(
                        scenario.Word(),
                        objective.Drills.Of(scenario)!.Value.TotalSeconds
                    )),
            ],
            objective.Proof is GateDemand.Required ? "required" : "report",
            terms.Tenants.Length
        );
    }

    public static ObjectiveDetails Details(this ObjectiveTerms terms) =>
        new(
            terms.View(),
            [.. terms.Objective.Environments.Select(environment => environment.Value)],
            terms.Objective.Tags,
            [.. terms.Tenants.Take(MostTenants).Select(tenant => tenant.Value)]
        );
}
