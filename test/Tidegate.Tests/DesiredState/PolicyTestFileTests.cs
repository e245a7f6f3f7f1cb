using System.Text;
using Tidegate.ControlPlane.DesiredState.Reading;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.Tests.PolicyCases;

namespace Tidegate.Tests.DesiredState;

public sealed class PolicyTestFileTests
{
    // One fault each, with the whole message: place, sentence, suggestion.
    [Theory]
    [InlineData("expects: {start: true}", "5:5: a case has no key \"expects\". Did you mean \"expect\"?")]
    [InlineData("expect: {start: yes}", "5:21: start is true or false, not \"yes\". Did you mean \"true\"?")]
    [InlineData(
        "expect: {}",
        "5:13: nothing is expected. Say at least one of start, held, missing, opens, second, soak, bake, limits."
    )]
    [InlineData(
        "expect: {start: true, held: [soak]}",
        "5:33: what starts is held by nothing. Say start: false, or leave held out."
    )]
    [InlineData(
        "expect: {held: [validaton]}",
        "5:21: there is no gate or limit \"validaton\" that could be named here. Did you mean \"validation\"?"
    )]
    [InlineData(
        "expect: {held: [\"freeze:retail/nights\"]}",
        "5:21: retail/nights is a window. Did you mean \"window:retail/nights\"?"
    )]
    [InlineData(
        "expect: {missing: [{requirement: shop, count: 1}]}",
        "5:38: the policy of production has no requirement shop. Did you mean \"shops\"?"
    )]
    [InlineData(
        "expect: {missing: [{requirement: shops, count: 1, from: [anne]}]}",
        "5:62: tidegate.yaml has no person or group anne. Did you mean \"ann\"?"
    )]
    [InlineData(
        "tenants: [shop-test]\n    expect: {start: true}",
        "5:15: shop-test belongs to staging, not to production."
    )]
    [InlineData(
        "tenants: [shop-osl]\n    expect: {start: true}",
        "5:15: there is no tenants/shop-osl.yaml. Did you mean \"shop-oslo\"?"
    )]
    [InlineData(
        "emergency: {overrides: [fence]}\n    expect: {start: true}",
        "5:29: there is no gate or limit \"fence\" that could be named here. There are approved, drilled, protected."
    )]
    [InlineData(
        "expect: {opens: 2026-11-18T22:00}",
        "5:21: opens: \"2026-11-18T22:00\" is no instant with its offset: 2026-11-27T22:00+01:00."
    )]
    [InlineData(
        "expect: {opens: 2026-03-29T02:30 Europe/Oslo}",
        "5:21: opens: \"2026-03-29T02:30 Europe/Oslo\" is skipped by the clocks there."
    )]
    [InlineData(
        "expect: {opens: 2026-10-25T02:30 Europe/Oslo}",
        "5:21: opens: \"2026-10-25T02:30 Europe/Oslo\" comes twice there, write it with its offset."
    )]
    public void What_is_wrong_with_a_case_is_told_with_its_place(string wrong, string told)
    {
        var problems = CaseFleet
            .Files($"cases:\n  - name: it\n    environment: production\n    at: 2026-11-18T23:00+01:00\n    {wrong}\n")
            .Problems();

        Assert.Contains($"policy-tests/production.yaml:{told}", problems);
    }

    [Fact]
    public void A_case_that_is_written_out_is_read_as_the_same()
    {
        var text = ObjectText.Yaml(PolicyTestSchema.Schema, PolicyTestSchema.Example);

        var again = DesiredDocument.Read("x", "x", PolicyTestSchema.Schema, Encoding.UTF8.GetBytes(text));

        Assert.Empty(again.Problems);
        Assert.Equal(text, ObjectText.Yaml(PolicyTestSchema.Schema, again.Object!));
    }
}
