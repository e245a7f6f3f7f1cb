using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.Tests.Approvals;

public sealed class ApprovedGateTests
{
    [Fact]
    public void Who_has_to_agree_and_who_could_is_said()
    {
        var outcome = Agreed.Facts.With(Agreed.By("bo")).Ask();

        Assert.Equal(GateVerdict.Fail, outcome.Answer.Verdict);
        var reason = Assert.Single(outcome.Answer.Reasons);
        Assert.Equal("shop-managers asks for 2 of shop. bo agreed, 1 more is missing.", reason.What);
        Assert.Equal("cy", reason.Clears);
        Assert.Equal(["cy"], outcome.Requirements[0].CouldGive);
    }

    [Fact]
    public void Enough_people_of_the_group_approve_it() =>
        Assert.Equal(GateVerdict.Pass, Agreed.Facts.With(Agreed.By("bo"), Agreed.By("cy")).Verdict());

    [Theory]
    [InlineData("rita", "rita asked for it")]
    [InlineData("ann", "ann wrote some of what it brings")]
    [InlineData("ann-admin", "ann wrote some of what it brings")]
    [InlineData("dee", "dee is in nothing that the policy names")]
    [InlineData("kim", "kim is in nothing that the policy names")]
    public void Some_agreements_count_for_nothing(string who, string why)
    {
        var outcome = Agreed.Facts.With(Agreed.By("bo"), Agreed.By(who)).Ask();

        Assert.Equal(GateVerdict.Fail, outcome.Answer.Verdict);
        Assert.Equal(why, Assert.Single(outcome.Uncounted).Why);
    }

    [Fact]
    public void A_service_account_never_counts_not_even_one_of_a_person()
    {
        var robot = Agreed.By("cy") with { IsService = true };

        var outcome = Agreed.Facts.With(Agreed.By("bo"), robot).Ask();

        Assert.Equal(GateVerdict.Fail, outcome.Answer.Verdict);
        Assert.Equal("cy is a service account", Assert.Single(outcome.Uncounted).Why);
        Assert.Equal(
            GateVerdict.Pass,
            Agreed.Facts.With(Agreed.By("bo"), Agreed.By("cy"), robot with { Said = ApprovalSaid.Rejected }).Verdict()
        );
    }

    [Fact]
    public void Two_accounts_of_a_person_are_one_person() =>
        Assert.Equal(
            GateVerdict.Fail,
            Agreed.Facts.With(Agreed.By("bo"), Agreed.By("bo-admin"), Agreed.By("os/1000")).Verdict()
        );

    [Fact]
    public void Who_asked_by_a_second_account_agrees_by_none()
    {
        var facts = Agreed.Facts with { Requesters = ["bo-admin"] };

        Assert.Equal(GateVerdict.Fail, facts.With(Agreed.By("bo"), Agreed.By("cy")).Verdict());
    }

    [Fact]
    public void Requester_and_author_may_be_one() =>
        Assert.Equal(
            GateVerdict.Pass,
            (Agreed.Facts with { Requesters = ["ann"] }).With(Agreed.By("bo"), Agreed.By("cy")).Verdict()
        );

    [Fact]
    public void Who_is_in_two_groups_counts_for_one_of_them()
    {
        var facts = Agreed.Facts.Asking(Agreed.TwoOfTheShop with { Count = 1 }, Agreed.OneOfSafety);

        Assert.Equal(GateVerdict.Fail, facts.With(Agreed.By("cy")).Verdict());
        Assert.Equal(GateVerdict.Pass, facts.With(Agreed.By("cy"), Agreed.By("bo")).Verdict());
    }

    [Fact]
    public void The_only_one_of_a_group_is_not_spent_on_another()
    {
        var facts = Agreed.Facts.Asking(
            new ApprovalRequirement("any") { From = ["shop", "safety"] },
            Agreed.OneOfSafety
        );

        Assert.Equal(GateVerdict.Pass, facts.With(Agreed.By("bo"), Agreed.By("cy")).Verdict());
        Assert.Equal(GateVerdict.Pass, facts.With(Agreed.By("cy"), Agreed.By("bo")).Verdict());
    }

    [Fact]
    public void At_least_one_of_those_that_agree_is_of_a_certain_group()
    {
        var facts = Agreed.Facts.Asking(
            new ApprovalRequirement("careful")
            {
                Count = 2,
                From = ["shop", "safety"],
                Including = ["dee"],
            }
        );

        Assert.Equal(GateVerdict.Fail, facts.With(Agreed.By("bo"), Agreed.By("cy")).Verdict());
        Assert.Equal(GateVerdict.Pass, facts.With(Agreed.By("bo"), Agreed.By("dee")).Verdict());
        Assert.Equal(
            "careful asks for 2 of shop, safety, with at least one of dee. bo agreed, 1 more is missing.",
            facts.With(Agreed.By("bo"), Agreed.By("cy")).Ask().Answer.Reasons[0].What
        );
    }

    [Theory]
    [InlineData("ann@example.com")]
    [InlineData("ANN@EXAMPLE.COM")]
    [InlineData("SHA256:ann")]
    [InlineData("ann-admin")]
    public void Authors_are_known_by_address_key_and_account(string author)
    {
        var facts = Agreed.Facts with { Authors = new([author], null) };

        Assert.Equal(GateVerdict.Fail, facts.With(Agreed.By("bo"), Agreed.By("ann")).Verdict());
    }

    [Fact]
    public void Unknown_authorship_asks_for_one_more()
    {
        var facts = Agreed.Facts with { Authors = new(["ann@example.com"], "commit c0ffee is not signed.") };

        var two = facts.Asking(Agreed.OneOfSafety).With(Agreed.By("cy")).Ask();
        Assert.Equal(GateVerdict.Inconclusive, two.Answer.Verdict);
        Assert.Equal("dee", Assert.Single(two.Answer.Reasons).Clears);
        Assert.Equal(["dee"], two.Extra!.CouldGive);
        Assert.Equal(
            GateVerdict.Pass,
            facts.Asking(Agreed.OneOfSafety).With(Agreed.By("cy"), Agreed.By("dee")).Verdict()
        );
        Assert.Equal(GateVerdict.Fail, facts.With(Agreed.By("cy")).Verdict());
    }

    [Fact]
    public void Who_nobody_knows_may_be_anybody()
    {
        var facts = Agreed.Facts.Asking(Agreed.OneOfSafety) with { Requesters = ["os/4711"] };

        Assert.Equal(GateVerdict.Inconclusive, facts.With(Agreed.By("cy")).Verdict());
        Assert.Equal(GateVerdict.Pass, facts.With(Agreed.By("cy"), Agreed.By("dee")).Verdict());
    }

    [Fact]
    public void A_rejection_stops_whoever_else_agreed()
    {
        var no = Agreed.By("dee") with { Said = ApprovalSaid.Rejected, Reason = "the tills are counted tonight" };

        var outcome = Agreed.Facts.With(Agreed.By("bo"), Agreed.By("cy"), no).Ask(Agreed.Noon.AddYears(1));

        Assert.Equal(GateVerdict.Fail, outcome.Answer.Verdict);
        Assert.Contains(
            "dee rejected it at 2026-11-25 12:00:00Z: the tills",
            outcome.Answer.Reasons[0].What,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_approval_ends_when_it_says()
    {
        var facts = Agreed.Facts.With(Agreed.By("bo"), Agreed.By("cy"));
        var end = Agreed.Noon + ApprovalPolicy.DefaultExpiry;

        Assert.Equal(GateVerdict.Pass, facts.Verdict(end.AddTicks(-1)));
        Assert.Equal(GateVerdict.Fail, facts.Verdict(end));
        Assert.Equal("it ended at 2026-11-28 12:00:00Z", facts.Ask(end).Uncounted[0].Why);
    }

    [Fact]
    public void What_was_said_of_another_plan_is_void_and_says_so()
    {
        var facts = Agreed.Facts.With(Agreed.By("bo"), Agreed.By("cy")) with
        {
            Binding = Agreed.Plan with { Plan = "sha256:other", Policy = "policy/2" },
        };

        var outcome = facts.Ask();

        Assert.Equal(GateVerdict.Fail, outcome.Answer.Verdict);
        Assert.All(
            outcome.Uncounted,
            said => Assert.Equal("it is void: since it was said, the policy and the plan changed", said.Why)
        );
    }

    [Fact]
    public void A_delegate_takes_the_place_while_the_delegation_lasts()
    {
        var delegated = new Delegation("cy", "dee", Agreed.Noon.AddHours(-1), Agreed.Noon.AddHours(1));
        var facts = Agreed.Facts.With(Agreed.By("bo")) with { Delegations = [delegated] };

        Assert.Equal(GateVerdict.Pass, facts.With(Agreed.By("dee")).Verdict());
        Assert.Equal(GateVerdict.Pass, facts.With(Agreed.By("dee")).Verdict(Agreed.Noon.AddHours(2)));
        Assert.Equal(
            GateVerdict.Fail,
            facts.With(Agreed.By("dee", Agreed.Noon.AddHours(1))).Verdict(Agreed.Noon.AddHours(2))
        );
        Assert.Contains(new CountedApproval("dee", "cy"), facts.With(Agreed.By("dee")).Ask().Requirements[0].Counted);
    }

    [Fact]
    public void A_place_is_taken_once_and_never_that_of_an_author()
    {
        var lasts = (Agreed.Noon.AddHours(-1), Agreed.Noon.AddHours(1));
        var facts = Agreed.Facts with
        {
            Delegations =
            [
                new("cy", "dee", lasts.Item1, lasts.Item2),
                new("ann", "dee", lasts.Item1, lasts.Item2),
                new("ann", "bo", lasts.Item1, lasts.Item2),
            ],
        };

        Assert.Equal(GateVerdict.Fail, facts.With(Agreed.By("cy"), Agreed.By("dee")).Verdict());
        Assert.Equal(GateVerdict.Fail, facts.With(Agreed.By("bo")).Verdict());
    }

    [Fact]
    public void Where_the_others_are_not_enough_it_is_said()
    {
        var facts = Agreed.Facts.Asking(Agreed.TwoOfTheShop with { Count = 3 }).With(Agreed.By("bo"), Agreed.By("cy"));

        var reason = facts.Ask().Answer.Reasons[0];

        Assert.Equal("nobody who is left: the others are not enough", reason.Clears);
    }

    [Fact]
    public void Requirements_are_chosen_by_risk_class_and_tag()
    {
        var policy = new ApprovalPolicy
        {
            Requirements =
            [
                new("always"),
                new("risky") { When = new() { Risks = ["high"] } },
                new("rewriting") { When = new() { Classes = ["D", "E"] } },
                new("flagships") { When = new() { Tags = "flagship and not test" } },
            ],
        };

        Assert.Equal(
            ["always"],
            Names(
                new(
                    "normal",
                    "B",
                    [
                        ["small"],
                        ["flagship", "test"],
                    ]
                )
            )
        );
        Assert.Equal(["always", "rewriting"], Names(new("low", null, [])));
        Assert.Equal(
            ["always", "risky", "rewriting", "flagships"],
            Names(
                new(
                    "high",
                    "D",
                    [
                        ["small"],
                        ["flagship"],
                    ]
                )
            )
        );

        IEnumerable<string> Names(ApprovalSubject subject) =>
            ApprovedGate.Applying(policy, subject).Select(requirement => requirement.Name);
    }
}
