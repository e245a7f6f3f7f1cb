using System.Collections.Immutable;
using System.Diagnostics;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Parity;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Protection;

namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>The gates between planned work and a rollout, in the order in which people read them.</summary>
public static class PromotionGates
{
    /// <summary>All that the environment asks. What depends on a release that is not registered is not asked.</summary>
    public static ImmutableArray<AskedGate> Ask(PromotionFacts facts, DateTimeOffset now) =>
        Ask(facts, gate => Measured(facts, gate), now);

    /// <summary>The same with what gates would say whose facts are measured.</summary>
    /// <param name="measured">By the gate's name; asked only for what the policy asks.</param>
    internal static ImmutableArray<AskedGate> Ask(
        PromotionFacts facts,
        Func<string, GateAnswer> measured,
        DateTimeOffset now
    ) =>
        [
            .. Entry(facts, measured, now),
            Placed(facts, new(BusyGate.Ask(facts))),
            .. facts.Opened is { } opened ? [new(opened)] : Nothing,
            .. StartGate.Ask(facts) is { } start ? [Placed(facts, new(start))] : Nothing,
        ];

    /// <summary>Those that say whether the release may enter, whether or not it could begin at this moment.</summary>
    public static ImmutableArray<AskedGate> Entry(PromotionFacts facts, DateTimeOffset now) =>
        Entry(facts, gate => Measured(facts, gate), now);

    private static ImmutableArray<AskedGate> Entry(
        PromotionFacts facts,
        Func<string, GateAnswer> measured,
        DateTimeOffset now
    )
    {
        var gates = ImmutableArray.CreateBuilder<AskedGate>();
        if (facts.Terms is null)
        {
            gates.Add(new(Unknown(facts)));
        }

        gates.Add(new(RegisteredGate.Ask(facts)));
        if (facts.Record is { } record)
        {
            gates.Add(new(BlockGate.Ask(record)));
            gates.AddRange(OfPolicy(facts, measured));
        }

        if (!facts.Upstream.IsEmpty)
        {
            gates.Add(new(UpstreamGate.Ask(facts)));
            if (facts.Terms is { Soak.Ticks: > 0 } terms)
            {
                gates.Add(new(SoakGate.Ask(facts, terms.Soak, now)));
            }
        }

        gates.Add(new(HoldGate.Ask(facts)));
        gates.Add(new(OlderGate.Ask(facts)));
        return [.. gates.Select(gate => Placed(facts, gate))];
    }

    private static ImmutableArray<AskedGate> Nothing => [];

    /// <summary>Says where in git the rule stands.</summary>
    private static AskedGate Placed(PromotionFacts facts, AskedGate gate) =>
        gate with
        {
            Answer = gate.Answer.At(facts.Terms),
        };

    private static IEnumerable<AskedGate> OfPolicy(PromotionFacts facts, Func<string, GateAnswer> measured)
    {
        var policy = facts.Policy.Gates;
        if (policy.Validation is not GateDemand.Off)
        {
            yield return Asked(measured(ValidationGate.Name), policy.Validation);
        }

        if (policy.Capability is not GateDemand.Off)
        {
            yield return Asked(measured(CapabilityGate.Name), policy.Capability);
        }

        if (policy.Configuration is not GateDemand.Off)
        {
            yield return Asked(measured(ConfigurationGate.Name), policy.Configuration);
        }

        // Without an upstream there is nothing that it could resemble.
        if (policy.Parity is not GateDemand.Off && !facts.Upstream.IsEmpty)
        {
            yield return Asked(measured(ParityGate.Name), policy.Parity);
        }

        if (!facts.Policy.Protection.AsksNothing)
        {
            yield return new(measured(ProtectedGate.Name));
        }

        if (policy.Drilled is not GateDemand.Off)
        {
            yield return Asked(measured(DrilledGate.Name), policy.Drilled);
        }
    }

    private static GateAnswer Measured(PromotionFacts facts, string gate) =>
        gate switch
        {
            ValidationGate.Name => ValidationGate.Ask(facts),
            CapabilityGate.Name => CapabilityGate.Ask(facts.Release, facts.Capability),
            ConfigurationGate.Name => facts.Configuration ?? NotAsked(gate),
            ParityGate.Name => facts.Parity ?? NotAsked(gate),
            ProtectedGate.Name => facts.Protected ?? NotAsked(gate),
            DrilledGate.Name => facts.Drilled ?? NotAsked(gate),
            _ => throw new UnreachableException(),
        };

    private static AskedGate Asked(GateAnswer answer, GateDemand demand) => new(answer, demand is GateDemand.Report);

    private static GateAnswer NotAsked(string gate) =>
        GateAnswer.Inconclusive(
            gate,
            new GateReason($"{gate}-not-asked", $"the {gate} gate was not asked yet.", Clearing.Nobody, "wait")
        );

    private static GateAnswer Unknown(PromotionFacts facts) =>
        GateAnswer.Inconclusive(
            "terms",
            new GateReason(
                "terms-unknown",
                $"what {facts.Environment} asks of a release is not known: no commit that names it was taken.",
                Clearing.Operator,
                "tidegate fleet status shows what is followed"
            )
        );
}
