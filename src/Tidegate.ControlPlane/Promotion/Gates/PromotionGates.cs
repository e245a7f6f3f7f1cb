using System.Collections.Immutable;
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
        [
            .. Entry(facts, now),
            new(BusyGate.Ask(facts)),
            .. facts.Opened is { } opened ? [new(opened)] : Nothing,
            .. StartGate.Ask(facts) is { } start ? [new(start)] : Nothing,
        ];

    /// <summary>Those that say whether the release may enter, whether or not it could begin at this moment.</summary>
    public static ImmutableArray<AskedGate> Entry(PromotionFacts facts, DateTimeOffset now)
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
            gates.AddRange(OfPolicy(facts));
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
        return gates.ToImmutable();
    }

    private static ImmutableArray<AskedGate> Nothing => [];

    private static IEnumerable<AskedGate> OfPolicy(PromotionFacts facts)
    {
        var policy = facts.Policy.Gates;
        if (policy.Validation is not GateDemand.Off)
        {
            yield return Asked(ValidationGate.Ask(facts), policy.Validation);
        }

        if (policy.Capability is not GateDemand.Off)
        {
            yield return Asked(CapabilityGate.Ask(facts.Release, facts.Capability), policy.Capability);
        }

        if (policy.Configuration is not GateDemand.Off)
        {
            yield return Asked(facts.Configuration ?? NotAsked(ConfigurationGate.Name), policy.Configuration);
        }

        // Without an upstream there is nothing that it could resemble.
        if (policy.Parity is not GateDemand.Off && !facts.Upstream.IsEmpty)
        {
            yield return Asked(facts.Parity ?? NotAsked(ParityGate.Name), policy.Parity);
        }

        if (!facts.Policy.Protection.AsksNothing)
        {
            yield return new(facts.Protected ?? NotAsked(ProtectedGate.Name));
        }

        if (policy.Drilled is not GateDemand.Off)
        {
            yield return Asked(facts.Drilled ?? NotAsked(DrilledGate.Name), policy.Drilled);
        }
    }

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
