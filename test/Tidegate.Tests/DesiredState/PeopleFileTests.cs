using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Tests.DesiredState;

public sealed class PeopleFileTests
{
    private const string Root = """
        organisation: Example Shops
        people:
          - name: ann
            accounts: [ann-admin, os/1000]
            emails: [ann@example.com]
          - {name: bo, keys: ["SHA256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]}
        groups:
          - name: shop-managers
            members: [ann, bo]

        """;

    private const string Policy = """
        approvals:
          expiry: 8h
          requirements:
            - name: two
              count: 2
              from: [shop-managers]
              including: [bo]
            - {name: risky, from: [bo], risk: [high], class: [D, E], tags: flagship and not test}

        """;

    [Fact]
    public void A_policy_that_asks_for_approvals_says_whose()
    {
        var fleet = Files().Fleet();

        var approvals = fleet.PolicyOf(fleet.Environments[new EnvironmentName("production")]).Approvals;

        Assert.Equal(TimeSpan.FromHours(8), approvals.Expiry);
        Assert.Equal(["two", "risky"], approvals.Requirements.Select(requirement => requirement.Name));
        Assert.Equal("flagship and not test", approvals.Requirements[1].When.Tags);
        Assert.Equal("ann", approvals.People.OfAccount("person/ann-admin")?.Name);
        Assert.Equal("ann", approvals.People.OfAccount("os/1000")?.Name);
        Assert.Equal("ann", approvals.People.OfEmail("Ann@Example.com")?.Name);
        Assert.Null(approvals.People.OfAccount("service/ann"));
        Assert.Equal(["shop-managers"], approvals.People.GroupsOf("bo"));
        var other = fleet.PolicyOf(fleet.Environments[new EnvironmentName("staging")]).Approvals;
        Assert.Empty(other.People.All);
    }

    [Theory]
    [InlineData("[ann, bo]", "[ann, bob]", "tidegate.yaml:9:20: tidegate.yaml has no person bob.")]
    [InlineData("ann-admin", "bo", "tidegate.yaml:6:5: bo is ann's already: one name is one person's.")]
    [InlineData("- name: shop-managers", "- name: ann", "tidegate.yaml:8:5: ann is the name of another group")]
    [InlineData("os/1000", "service/x", "accounts is an account's name")]
    public void What_is_wrong_with_the_people_is_told_with_its_place(string good, string bad, string told) =>
        Told(Files().Put("tidegate.yaml", Root.Replace(good, bad, StringComparison.Ordinal)), told);

    [Theory]
    [InlineData(
        "[shop-managers]",
        "[shop-manager]",
        "policies/careful.yaml:6:14: tidegate.yaml has no person or group shop-manager."
    )]
    [InlineData(
        "count: 2",
        "count: 3",
        "policies/careful.yaml:2:3: two asks for 3 people, and there are 2 in what it names."
    )]
    [InlineData("count: 2", "count: 1\n      class: [F]", "class is a class from A to E")]
    [InlineData(
        "including: [bo]",
        "including: [bo, ann, shop-managers]",
        "two counts 2 and includes one of each of 3."
    )]
    [InlineData("name: risky", "name: two", "two requirements are called two.")]
    [InlineData("flagship and not test", "flagship and", "tags: \"flagship and\"")]
    public void What_is_wrong_with_requirements_is_told_with_its_place(string good, string bad, string told) =>
        Told(Files().Put("policies/careful.yaml", Policy.Replace(good, bad, StringComparison.Ordinal)), told);

    private static MemoryFiles Files() =>
        MemoryFiles.Example().Put("tidegate.yaml", Root).Put("policies/careful.yaml", Policy);

    private static void Told(MemoryFiles files, string what)
    {
        var broken = Assert.IsType<FleetReading.Broken>(files.Reading());
        Assert.Contains(broken.Problems, problem => problem.ToString().Contains(what, StringComparison.Ordinal));
    }
}
