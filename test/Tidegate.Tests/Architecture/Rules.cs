using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Tidegate.Tests.Architecture;

/// <summary>The dependency rules of the product (docs/decisions/0001), each over a namespace so that its twin can try it on one that breaks it.</summary>
internal static class Rules
{
    public static readonly ArchUnitNET.Domain.Architecture Product = new ArchLoader()
        .LoadAssemblies(
            typeof(ControlPlane.Rollouts.RolloutEngine).Assembly,
            typeof(Drivers.Sites.SiteLayout).Assembly,
            typeof(Npgsql.NpgsqlConnection).Assembly,
            typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly,
            typeof(TimeProvider).Assembly,
            typeof(Rules).Assembly
        )
        .Build();

    /// <summary>Only stores and Storage speak to PostgreSQL.</summary>
    public static IArchRule OnlyStoresUseNpgsql(string root) =>
        Types()
            .That()
            .ResideInNamespaceMatching($@"^{root}\.")
            .And()
            .DoNotResideInNamespaceMatching($@"^{root}\.Storage")
            .And()
            .DoNotHaveFullNameMatching(@"Store([+/]|$|`)")
            .Should()
            .NotDependOnAny(Types(true).That().ResideInNamespaceMatching("^Npgsql"));

    /// <summary>Only endpoints and Access speak HTTP.</summary>
    public static IArchRule OnlyEndpointsUseHttp(string root) =>
        Types()
            .That()
            .ResideInNamespaceMatching($@"^{root}\.")
            .And()
            .DoNotResideInNamespaceMatching($@"^{root}\.Access")
            .And()
            .DoNotHaveFullNameMatching(@"Endpoints([+/]|$)")
            .Should()
            .NotDependOnAny(Types(true).That().ResideInNamespaceMatching(@"^Microsoft\.AspNetCore\."));

    /// <summary>What decides touches no clock, no database, no log and no web.</summary>
    public static IArchRule DecisionsArePure(string root) =>
        Types()
            .That()
            .ResideInNamespaceMatching($@"^{root}\.")
            .And()
            .HaveFullNameMatching(@"(Planner|Decider|Gate|Verdict)([+/]|$)")
            .Should()
            .NotDependOnAny(
                Types(true)
                    .That()
                    .ResideInNamespaceMatching(@"^(Npgsql|Microsoft\.AspNetCore\.|Microsoft\.Extensions\.Logging)")
                    .Or()
                    .HaveFullName("System.TimeProvider")
            );
}
