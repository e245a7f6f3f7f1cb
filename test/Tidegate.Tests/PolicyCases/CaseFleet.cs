using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.PolicyCases;
using Tidegate.Tests.DesiredState;

namespace Tidegate.Tests.PolicyCases;

/// <summary>A fleet whose production has a rule of every kind, and two shops.</summary>
internal static class CaseFleet
{
    private const string Root = """
        organisation: Example Shops
        people: [{name: ann, accounts: [ann-admin]}, {name: bo}, {name: cy}, {name: dee}]
        groups:
          - {name: shop-managers, members: [ann, bo, cy]}
          - {name: safety, members: [cy]}

        """;

    private const string Policy = """
        rollout: {bake: 30m, concurrency: 1}
        limits:
          concurrency: 2
          failureBudget: 0
          atRisk:
            tenants: 50
        gates:
          validation: required
          drilled: required
        protection: {backup: 26h}
        approvals:
          expiry: 8h
          requirements:
            - {name: shops, count: 2, from: [shop-managers]}
            - {name: safety, from: [safety], risk: [high]}
        emergency:
          overrides: [approved, "freeze:retail/black-friday"]
        expedited: {soak: 1h, bake: 5m}

        """;

    public static MemoryFiles Files(string cases) =>
        MemoryFiles
            .Example()
            .Put("tidegate.yaml", Root)
            .Put("policies/careful.yaml", Policy)
            .Put(
                "tenants/shop-rome.yaml",
                "pool: shared\ndatabase: shop_rome\nhosts: [rome.shops.example]\ntimeZone: Europe/Rome\ntags: [flagship]\njourneys: {login: journeys, secret: rome}\n"
            )
            .Put("policy-tests/production.yaml", cases);

    public static ImmutableArray<CaseOutcome> Run(string cases) => Run(Files(cases).Fleet());

    public static ImmutableArray<CaseOutcome> Run(DesiredFleet fleet) => CaseTrial.Run(fleet, fleet.PolicyTests);

    /// <summary>What came of one case of production, on an ordinary night, that says so much more.</summary>
    public static CaseOutcome One(string more, string at = "2026-11-18T23:00 Europe/Oslo") =>
        Assert.Single(Run($"cases:\n  - name: it\n    environment: production\n    at: {at}\n    {more}\n"));
}
