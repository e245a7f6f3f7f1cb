using System.Collections.Immutable;
using CsCheck;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Gates;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.TestKit;
using Tidegate.Tests.Promotion;

namespace Tidegate.Tests.Policy;

/// <summary>A security fix waits less, and nothing else is different for it.</summary>
public sealed class ExpeditedPolicyTests
{
    private const string Closes = "CVE-2026-1234: a till shows another's orders";

    /// <summary>Terms of an environment, and how long after noon it is asked.</summary>
    private static readonly Gen<(EnvironmentTerms Terms, int Seconds)> Worlds = Gen.Select(
        Gen.Int[0, 200_000],
        Gen.Int[-1, 7200],
        Gen.Int[-1, 200_000],
        Gen.Int[-1, 7200],
        Gen.Int[0, 200_000],
        (soak, bake, soakMost, bakeMost, seconds) =>
            (
                Asked.Terms with
                {
                    Soak = TimeSpan.FromSeconds(soak),
                    Policy = EnvironmentPolicy.Default with
                    {
                        Rollout = new RolloutRules(WaveSizes: [1, 0], BakeSeconds: bake < 0 ? null : bake),
                        Expedited = new() { Soak = Said(soakMost), Bake = Said(bakeMost) },
                    },
                },
                seconds
            )
    );

    [Fact]
    public void Declared_durations_get_shorter_and_never_longer_or_nothing() =>
        Worlds.Sample(
            (terms, _) =>
            {
                var fix = ExpeditedPolicy.Of(terms, Closes);
                Assert.InRange(fix.Soak, TimeSpan.Zero, terms.Soak);
                Assert.Equal(terms.Soak > TimeSpan.Zero, fix.Soak > TimeSpan.Zero);
                Assert.Equal(terms.Policy.Rollout.BakeSeconds is null, fix.Policy.Rollout.BakeSeconds is null);
                Assert.InRange(fix.Policy.Rollout.BakeSeconds ?? 0, 0, terms.Policy.Rollout.BakeSeconds ?? 0);
                Assert.Equal(fix.Expedited is not null, fix != terms);
            }
        );

    [Fact]
    public void Everything_that_is_no_duration_stays_as_it_is() =>
        Worlds.Sample(
            (terms, _) =>
                Assert.Equal(
                    terms,
                    ExpeditedPolicy.Of(terms, Closes) with
                    {
                        Soak = terms.Soak,
                        Policy = ExpeditedPolicy.Of(terms, Closes).Policy with { Rollout = terms.Policy.Rollout },
                        Expedited = null,
                    }
                )
        );

    [Fact]
    public void What_is_no_security_fix_waits_as_long_as_ever() =>
        Worlds.Sample((terms, _) => Assert.Same(terms, ExpeditedPolicy.Of(terms, security: null)));

    [Fact]
    public void The_same_gates_are_asked_and_all_but_the_soak_say_the_same() =>
        Worlds.Sample(
            (terms, seconds) =>
            {
                var now = Asked.Noon.AddSeconds(seconds);
                var (usual, fix) = (Gates(terms, now), Gates(ExpeditedPolicy.Of(terms, Closes), now));

                Assert.Equal(usual.Select(gate => gate.Answer.Gate), fix.Select(gate => gate.Answer.Gate));
                foreach (var (one, other) in usual.Zip(fix).Where(pair => pair.First.Answer.Gate != SoakGate.Name))
                {
                    Assert.Equal(one.Answer.Verdict, other.Answer.Verdict);
                }
            }
        );

    [Fact]
    public void The_same_steps_are_taken_by_the_same_tenants_in_the_same_order() =>
        Worlds.Sample(
            (terms, _) =>
            {
                var (usual, fix) = (Plan(terms), Plan(ExpeditedPolicy.Of(terms, Closes)));
                Assert.Equal(Whole(usual, withBake: false), Whole(fix, withBake: false));
                Assert.Equal(Whole(usual, withBake: true) == Whole(fix, withBake: true), usual.Hash == fix.Hash);
            },
            iter: 200
        );

    private static TimeSpan? Said(int seconds) => seconds < 0 ? null : TimeSpan.FromSeconds(seconds);

    private static ImmutableArray<AskedGate> Gates(EnvironmentTerms terms, DateTimeOffset now) =>
        PromotionGates.Ask(Asked.Facts with { Terms = terms }, now);

    private static RolloutPlan Plan(EnvironmentTerms terms) =>
        Plans.Of(3, PlanDocumentMapping.Policy(terms.Policy.Rollout, out _));

    private static string Whole(RolloutPlan plan, bool withBake) =>
        string.Join(
            '\n',
            plan.Waves.SelectMany(wave =>
                wave.Tenants.SelectMany(tenant =>
                    tenant
                        .Steps.Concat(tenant.Back)
                        .Select(step =>
                            $"{wave.Number} {tenant.Target.Tenant} {(withBake || step is not Bake ? $"{step}" : step.Kind)}"
                        )
                )
            )
        );
}
