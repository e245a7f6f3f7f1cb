using System.Collections.Immutable;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>What a case names is there: one that speaks of a rule that is gone would show nothing.</summary>
internal static class PolicyCaseChecks
{
    /// <summary>What can keep a start beside the gates whose verdicts a case gives, and rules of calendars.</summary>
    private static readonly ImmutableArray<string> Others =
    [
        "approved",
        "busy",
        "emergency",
        "limits.atRisk.revenue",
        "limits.atRisk.stores",
        "limits.atRisk.tenants",
        "limits.concurrency",
        "reviewed",
        "soak",
        "start",
        "upstream",
    ];

    private static readonly ImmutableArray<string> Overridable =
    [
        EmergencyPolicy.Approved,
        EmergencyPolicy.Protected,
        EmergencyPolicy.Drilled,
    ];

    public static void Check(FleetObjects fleet, FirstProblems problems)
    {
        var rules = new Lazy<RuleNames>(() => new(fleet));
        foreach (var (document, test) in fleet.Read<PolicyTest>(Folders.PolicyTests))
        {
            for (var item = 0; item < test.Cases.Length; item++)
            {
                var one = test.Cases[item];
                var placed = new Placed(document, item, problems);
                CheckTenants(fleet, one, placed);
                CheckRequirements(fleet, one, placed);
                CheckNames(one.Expect.Held ?? [], ["expect", "held"], [.. Others, .. CaseGates.Names], rules, placed);
                CheckNames(one.Emergency?.Overrides ?? [], ["emergency", "overrides"], Overridable, rules, placed);
            }
        }
    }

    private static void CheckTenants(FleetObjects fleet, PolicyCase one, Placed placed)
    {
        CheckAreThere(fleet, one, one.Tenants.Select(tenant => tenant.Value), ["tenants"], placed);
        CheckAreThere(fleet, one, one.Given.AtRisk.Select(tenant => tenant.Value), ["given", "atRisk"], placed);
    }

    private static void CheckAreThere(
        FleetObjects fleet,
        PolicyCase one,
        IEnumerable<string> tenants,
        object[] within,
        Placed placed
    )
    {
        foreach (var (index, name) in tenants.Index())
        {
            if (
                fleet.Find<DesiredTenant>(Folders.Tenants, name) is { } tenant
                && fleet.Find<DesiredPool>(Folders.Pools, tenant.Pool.Value) is { } pool
                && pool.Environment != one.Environment
            )
            {
                placed.Add([.. within, index], $"{name} belongs to {pool.Environment}, not to {one.Environment}.");
            }
        }
    }

    private static void CheckRequirements(FleetObjects fleet, PolicyCase one, Placed placed)
    {
        // Of what cannot be read it is not known what it asks for.
        if (
            fleet.Find<DesiredEnvironment>(Folders.Environments, one.Environment.Value) is not { } environment
            || (
                environment.Policy is { } name
                    ? fleet.Find<EnvironmentPolicy>(Folders.Policies, name.Value)
                    : EnvironmentPolicy.Default
            )
                is not { } policy
        )
        {
            return;
        }

        string[] known =
        [
            .. policy.Approvals.Requirements.Select(requirement => requirement.Name),
            CaseMissing.AuthorsUnknown,
        ];
        foreach (var (index, missing) in (one.Expect.Missing ?? []).Index())
        {
            if (!known.Contains(missing.Requirement, StringComparer.Ordinal))
            {
                placed.Add(
                    ["expect", "missing", index, "requirement"],
                    $"the policy of {one.Environment} has no requirement {missing.Requirement}.",
                    Suggestions.NearestOrAll(missing.Requirement, known)
                );
            }
        }
    }

    private static void CheckNames(
        ImmutableArray<string> names,
        object[] within,
        ImmutableArray<string> known,
        Lazy<RuleNames> rules,
        Placed placed
    )
    {
        foreach (var (index, name) in names.Index())
        {
            if (RuleOverrides.IsRule(name))
            {
                if (rules.Value.Problem(name) is var (what, suggestion))
                {
                    placed.Add([.. within, index], what, suggestion);
                }
            }
            else if (!known.Contains(name, StringComparer.Ordinal))
            {
                placed.Add(
                    [.. within, index],
                    $"there is no gate or limit \"{name}\" that could be named here.",
                    Suggestions.NearestOrAll(name, [.. known.Order(StringComparer.Ordinal)])
                );
            }
        }
    }

    /// <summary>A case, and where it is.</summary>
    private sealed record Placed(DesiredDocument Document, int Index, FirstProblems Problems)
    {
        public void Add(object[] within, string what, string? suggestion = null) =>
            Problems.Add(Document, Document.PlaceAt(["cases", Index, .. within]), what, suggestion);
    }
}
