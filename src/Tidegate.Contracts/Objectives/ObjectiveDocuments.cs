namespace Tidegate.Contracts.Objectives;

/// <summary>How soon a business process must work again, and how much of it may be lost.</summary>
/// <param name="RecoveryTimeSeconds">From the loss until the process works again.</param>
/// <param name="RecoveryPointSeconds">How far what is recovered may lie behind what had been written.</param>
/// <param name="Documents">Odoo models that the process writes.</param>
/// <param name="Proof">What an overdue or failed drill means: <c>report</c> or <c>required</c>.</param>
/// <param name="TenantCount">How many tenants it covers.</param>
public sealed record ObjectiveView(
    string Name,
    string Process,
    double RecoveryTimeSeconds,
    double RecoveryPointSeconds,
    IReadOnlyList<string> Documents,
    IReadOnlyList<CadenceView> Drills,
    string Proof,
    int TenantCount
);

/// <summary>How often a scenario is drilled.</summary>
public sealed record CadenceView(string Scenario, double EverySeconds);

/// <summary>An objective with whom it covers.</summary>
/// <param name="Environments">As git says it.</param>
/// <param name="Tags">As git says it.</param>
/// <param name="Tenants">Everybody whom it covers, by name; the first thousand.</param>
public sealed record ObjectiveDetails(
    ObjectiveView Objective,
    IReadOnlyList<string> Environments,
    IReadOnlyList<string> Tags,
    IReadOnlyList<string> Tenants
);
