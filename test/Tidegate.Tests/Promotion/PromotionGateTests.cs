using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Promotion.Gates;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.TestKit;

namespace Tidegate.Tests.Promotion;

/// <summary>What each gate between planned work and a rollout says.</summary>
public sealed class PromotionGateTests
{
    private static readonly DateTimeOffset Later = Asked.Noon + Asked.Day;

    [Fact]
    public void A_release_that_was_verified_upstream_and_has_soaked_enters() =>
        Assert.All(PromotionGates.Ask(Asked.Facts, Later), gate => Assert.True(gate.LetsThrough, gate.Answer.Gate));

    [Fact]
    public void A_release_that_nobody_registered_does_not_enter_and_what_depends_on_it_is_not_asked()
    {
        var facts = Asked.Under(new GatePolicy { Validation = GateDemand.Required }) with { Registered = null };

        Assert.Equal("release-unknown", Reason(RegisteredGate.Ask(facts), GateVerdict.Fail).Code);
        Assert.Equal(["registered", "upstream", "soak", "hold", "older", "busy"], Names(facts));
    }

    [Fact]
    public void A_name_with_another_digest_is_another_release()
    {
        var facts = Asked.Facts with { Registered = Asked.Release with { Ref = new("2026.11.2", Plans.Digest('9')) } };

        var reason = Reason(RegisteredGate.Ask(facts), GateVerdict.Fail);
        Assert.Equal("release-other-digest", reason.Code);
        Assert.Contains(Plans.Digest('9').Value, reason.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blocked_release_does_not_enter()
    {
        var blocked = Asked.Release with { Block = new ReleaseBlock("orders lose their discount", "os/7", Asked.Noon) };

        Assert.Equal(
            "release 2026.11.2 is blocked by os/7 since 2026-11-25 12:00:00Z: orders lose their discount",
            Reason(BlockGate.Ask(blocked), GateVerdict.Fail).What
        );
    }

    [Fact]
    public void Only_a_validation_without_errors_passes()
    {
        var facts = Asked.Under(new GatePolicy { Validation = GateDemand.Required });

        Assert.Equal(GateVerdict.Pass, ValidationGate.Ask(facts with { Registered = Asked.Judged(errors: 0) }).Verdict);
        Assert.Equal(
            "the validation of 2026.11.2 found 1 error.",
            Reason(ValidationGate.Ask(facts with { Registered = Asked.Judged(errors: 1) }), GateVerdict.Fail).What
        );
        Assert.Equal("validation-missing", Reason(ValidationGate.Ask(facts), GateVerdict.Inconclusive).Code);
        Assert.Equal(
            "2026.11.2 could not be validated: no disk is left.",
            Reason(
                ValidationGate.Ask(
                    facts with
                    {
                        Validation = new LastValidation(ValidationState.Failed, "no disk is left."),
                    }
                ),
                GateVerdict.Error
            ).What
        );
    }

    [Fact]
    public void Protection_and_drills_are_asked_where_the_policy_wants_them_and_pass_by_an_answer_alone()
    {
        var facts = Asked.Under(
            EnvironmentPolicy.Default with
            {
                Gates = new GatePolicy { Drilled = GateDemand.Required },
                Protection = new ProtectionPolicy { Archive = true },
            }
        );

        Assert.DoesNotContain("protected", Names(Asked.Facts));
        Assert.DoesNotContain("drilled", Names(Asked.Facts));
        Assert.Equal(
            ["protected-not-asked", "drilled-not-asked"],
            PromotionGates
                .Ask(facts, Later)
                .Where(gate => !gate.LetsThrough)
                .SelectMany(gate => gate.Answer.Reasons)
                .Select(reason => reason.Code)
        );
        Assert.All(
            PromotionGates.Ask(
                facts with
                {
                    Protected = GateAnswer.Pass("protected"),
                    Drilled = GateAnswer.Pass("drilled"),
                },
                Later
            ),
            gate => Assert.True(gate.LetsThrough, gate.Answer.Gate)
        );
    }

    [Fact]
    public void A_validation_is_asked_for_once_and_only_where_the_policy_wants_one()
    {
        var facts = Asked.Under(new GatePolicy { Validation = GateDemand.Required });

        Assert.True(ValidationGate.IsMissing(facts));
        Assert.False(ValidationGate.IsMissing(Asked.Facts));
        Assert.False(ValidationGate.IsMissing(facts with { Registered = Asked.Judged(errors: 3) }));
        Assert.False(
            ValidationGate.IsMissing(facts with { Validation = new LastValidation(ValidationState.Queued, null) })
        );
        Assert.False(
            ValidationGate.IsMissing(facts with { Validation = new LastValidation(ValidationState.Failed, "x") })
        );
    }

    [Fact]
    public void A_release_that_was_never_run_does_not_enter_where_a_capability_record_is_asked_for()
    {
        var facts = Asked.Under(new GatePolicy { Capability = GateDemand.Required });

        Assert.Contains(
            Blocking(facts),
            gate => gate is { Answer: { Gate: "capability", Verdict: GateVerdict.Inconclusive } }
        );
    }

    [Fact]
    public void A_gate_that_could_not_be_asked_does_not_pass()
    {
        var facts = Asked.Under(new GatePolicy { Configuration = GateDemand.Required, Parity = GateDemand.Required });

        Assert.Equal(["configuration", "parity"], Blocking(facts).Select(gate => gate.Answer.Gate));
        Assert.Empty(
            Blocking(
                facts with
                {
                    Configuration = GateAnswer.Pass("configuration"),
                    Parity = GateAnswer.Pass("parity"),
                }
            )
        );
    }

    [Fact]
    public void A_gate_that_only_reports_is_shown_and_lets_through()
    {
        var differs = GateAnswer.Fail("parity", new GateReason("parity-option", "workers: 2 and 4", "x", "y"));
        var facts = Asked.Under(new GatePolicy { Parity = GateDemand.Report }) with { Parity = differs };

        Assert.Contains(PromotionGates.Ask(facts, Later), gate => gate.Answer == differs && gate.LetsThrough);
        Assert.Empty(Blocking(facts));
    }

    [Fact]
    public void Without_an_upstream_nothing_is_compared_and_nothing_soaks()
    {
        var facts = Asked.Under(new GatePolicy { Parity = GateDemand.Required });

        Assert.Equal(
            ["registered", "not-blocked", "hold", "older", "busy"],
            Names(facts with { Terms = facts.Terms! with { Upstream = [] }, Upstream = [] })
        );
    }

    public static TheoryData<string, GateVerdict, string> Upstreams =>
        new()
        {
            {
                "elsewhere",
                GateVerdict.Fail,
                "1 of 2 tenants of staging do not run 2026.11.2: shop-test runs 2026.11.1."
            },
            { "nowhere", GateVerdict.Fail, "staging does not run 2026.11.2: shop-test runs 2026.11.1." },
            { "exception", GateVerdict.Fail, "1 of 2 tenants of staging took 2026.11.2 with an exception: shop-test." },
            { "empty", GateVerdict.Inconclusive, "staging has no tenants: nothing was verified there." },
            { "changing", GateVerdict.Inconclusive, "rollout r-3 works on tenants of staging." },
            {
                "unproven",
                GateVerdict.Inconclusive,
                "staging runs 2026.11.2, and no rollout verified it there: its tenants joined on it."
            },
            {
                "unreadable",
                GateVerdict.Inconclusive,
                "whether staging is healthy cannot be told: the database of shop-test could not be read."
            },
        };

    [Theory]
    [MemberData(nameof(Upstreams))]
    public void Upstream_is_verified_or_the_sentence_says_what_is_missing(
        string state,
        GateVerdict verdict,
        string what
    )
    {
        var tenant = new TenantName("shop-test");
        var upstream = state switch
        {
            "elsewhere" => Asked.Verified with { Elsewhere = 1, ElsewhereExample = new(tenant, "2026.11.1") },
            "nowhere" => Asked.Verified with { Elsewhere = 2, ElsewhereExample = new(tenant, "2026.11.1") },
            "exception" => Asked.Verified with { Unhealthy = 1, UnhealthyExample = (tenant, new RolloutId("r-3")) },
            "empty" => Asked.Verified with { Tenants = 0, Proven = 0, Since = null },
            "changing" => Asked.Verified with { ChangedBy = new RolloutId("r-3") },
            "unproven" => Asked.Verified with { Proven = 0, Since = null },
            _ => Asked.Verified with { Unreadable = tenant },
        };
        var facts = Asked.Facts with { Upstream = Asked.Only(upstream) };

        Assert.Null(upstream.VerifiedSince);
        Assert.Equal(what, Reason(UpstreamGate.Ask(facts), verdict).What);
        Assert.Equal(
            "soak-not-begun",
            Reason(SoakGate.Ask(facts, Asked.Day, Later.AddYears(1)), GateVerdict.Inconclusive).Code
        );
    }

    [Fact]
    public void A_tenant_that_joined_on_the_release_neither_proves_it_nor_takes_the_proof_away() =>
        Assert.Equal(Asked.Noon, (Asked.Verified with { Tenants = 3, Proven = 2 }).VerifiedSince);

    [Fact]
    public void The_release_soaks_until_the_last_upstream_has_had_it_for_long_enough()
    {
        var second = Asked.Verified with { Environment = new("pilot"), Since = Asked.Noon.AddHours(2) };
        var facts = Asked.Facts with { Upstream = [Asked.Verified, second] };

        var reason = Reason(SoakGate.Ask(facts, Asked.Day, Later), GateVerdict.Fail);

        Assert.Equal(Later.AddHours(2), reason.Until);
        Assert.Equal(
            "2026.11.2 is verified in pilot since 2026-11-25 14:00:00Z and stays there for 24h, until 2026-11-26 14:00:00Z.",
            reason.What
        );
        Assert.Equal(GateVerdict.Pass, SoakGate.Ask(facts, Asked.Day, Later.AddHours(2)).Verdict);
    }

    [Theory]
    [InlineData(86_400, "24h")]
    [InlineData(172_800, "2d")]
    [InlineData(5_400, "90m")]
    [InlineData(90, "90s")]
    [InlineData(0.25, "0.25s")]
    public void A_time_reads_as_a_fleet_writes_it(double seconds, string words) =>
        Assert.Equal(words, SoakGate.Words(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void After_a_way_back_automation_waits_for_a_person()
    {
        var reason = Reason(HoldGate.Ask(Asked.Facts with { Hold = Asked.Hold }), GateVerdict.Fail);

        Assert.Equal(
            "2026.11.2 went back in production at 2026-11-25 12:00:00Z (rollout r-7): shop-oslo: the prices differ",
            reason.What
        );
        Assert.Contains(
            "tidegate promotion lift production --release 2026.11.2",
            reason.Next,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_older_release_needs_a_person_who_means_it()
    {
        var facts = Asked.Facts with
        {
            Here = Asked.Facts.Here with { Ahead = 2, AheadExample = new(new TenantName("shop-oslo"), "2026.11.3") },
        };

        Assert.Equal(
            "2 of 5 tenants of production run a release that was registered after 2026.11.2: shop-oslo runs 2026.11.3. Going there is no way back.",
            Reason(OlderGate.Ask(facts), GateVerdict.Fail).What
        );
        Assert.Equal(GateVerdict.Fail, OlderGate.Ask(Ordered(facts, Asked.Order)).Verdict);
        Assert.Equal(GateVerdict.Pass, OlderGate.Ask(Ordered(facts, Asked.Order with { Older = true })).Verdict);
    }

    [Fact]
    public void A_rollout_that_runs_is_waited_for_or_superseded_as_the_policy_says()
    {
        var running = Asked.Facts with { Running = new RunningRollout(new RolloutId("r-3"), Plans.Old) };
        var supersede = Asked.Under(EnvironmentPolicy.Default with { WhenBusy = BusyMode.Supersede }) with
        {
            Running = running.Running,
        };

        Assert.Equal(
            "rollout r-3 of 2026.11.1 runs in production.",
            Reason(BusyGate.Ask(running), GateVerdict.Fail).What
        );
        Assert.Equal(GateVerdict.Pass, BusyGate.Ask(supersede).Verdict);
        Assert.Equal(
            GateVerdict.Fail,
            BusyGate.Ask(supersede with { Running = new RunningRollout(new RolloutId("r-3"), Plans.New) }).Verdict
        );
        Assert.Equal(
            GateVerdict.Fail,
            BusyGate.Ask(supersede with { Here = supersede.Here with { OnRelease = 5 } }).Verdict
        );
        Assert.Equal(
            "production has no tenants.",
            Reason(BusyGate.Ask(Asked.Facts with { Here = EnvironmentState.Empty }), GateVerdict.Inconclusive).What
        );
    }

    [Fact]
    public void Where_the_policy_says_manual_a_person_starts()
    {
        var manual = Asked.Under(EnvironmentPolicy.Default with { Start = StartMode.Manual });

        Assert.Equal("start-manual", Reason(StartGate.Ask(manual)!, GateVerdict.Fail).Code);
        Assert.Equal(GateVerdict.Pass, StartGate.Ask(Ordered(manual, Asked.Order))!.Verdict);
        Assert.Null(StartGate.Ask(Asked.Facts));
    }

    [Fact]
    public void An_environment_that_git_says_nothing_of_lets_nothing_through() =>
        Assert.Contains(
            Blocking(Asked.Facts with { Terms = null, Upstream = [] }),
            gate => gate is { Answer: { Gate: "terms", Verdict: GateVerdict.Inconclusive } }
        );

    private static PromotionFacts Ordered(PromotionFacts facts, StartOrder order) =>
        facts with
        {
            Question = facts.Question with { Order = order },
        };

    private static string[] Names(PromotionFacts facts) =>
        [.. PromotionGates.Ask(facts, Later).Select(gate => gate.Answer.Gate)];

    private static ImmutableArray<AskedGate> Blocking(PromotionFacts facts) =>
        [.. PromotionGates.Ask(facts, Later).Where(gate => !gate.LetsThrough)];

    private static GateReason Reason(GateAnswer answer, GateVerdict verdict)
    {
        Assert.Equal(verdict, answer.Verdict);
        return Assert.Single(answer.Reasons);
    }
}
