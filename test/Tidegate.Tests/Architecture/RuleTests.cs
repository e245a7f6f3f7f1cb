using ArchUnitNET.Fluent;
using ArchUnitNET.xUnitV3;

namespace Tidegate.Tests.Architecture;

/// <summary>Every rule holds for the product, and every rule fails on the type that breaks it: a rule nobody has seen fail may check nothing.</summary>
public sealed class RuleTests
{
    private const string Product = @"Tidegate\.ControlPlane";
    private const string Broken = @"Tidegate\.Tests\.Architecture\.Broken";

    public static TheoryData<string> Names =>
        [nameof(Rules.OnlyStoresUseNpgsql), nameof(Rules.OnlyEndpointsUseHttp), nameof(Rules.DecisionsArePure)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_product_keeps_the_rule(string name) => Rule(name, Product).Check(Rules.Product);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_rule_finds_the_type_that_breaks_it(string name) =>
        Assert.False(Rule(name, Broken).HasNoViolations(Rules.Product));

    private static IArchRule Rule(string name, string root) =>
        name switch
        {
            nameof(Rules.OnlyStoresUseNpgsql) => Rules.OnlyStoresUseNpgsql(root),
            nameof(Rules.OnlyEndpointsUseHttp) => Rules.OnlyEndpointsUseHttp(root),
            _ => Rules.DecisionsArePure(root),
        };
}
