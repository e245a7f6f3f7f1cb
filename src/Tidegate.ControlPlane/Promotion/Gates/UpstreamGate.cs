using System.Globalization;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;

namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>Whether the very same digest is verified in every upstream environment: every tenant there runs it, and a rollout that completed brought it.</summary>
public static class UpstreamGate
{
    public const string Name = "upstream";

    public static GateAnswer Ask(PromotionFacts facts)
    {
        var (wrong, unknown) = (new List<GateReason>(), new List<GateReason>());
        foreach (var upstream in facts.Upstream)
        {
            var release = facts.Release.Name;
            if (Wrong(upstream, release) is { } fails)
            {
                wrong.Add(fails);
            }
            else if (Unknown(upstream, release) is { } missing)
            {
                unknown.Add(missing);
            }
        }

        return GateReasons.Answer(Name, wrong, unknown);
    }

    private static GateReason? Wrong(UpstreamState upstream, string release) =>
        upstream switch
        {
            // What is under way may still become either.
            { Tenants: 0 } or { ChangedBy: not null } => null,
            { ElsewhereExample: { } example } => new(
                "upstream-elsewhere",
                upstream.Elsewhere == upstream.Tenants
                    ? $"{upstream.Environment} does not run {release}: {example.Tenant} runs {example.Release}."
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{upstream.Elsewhere} of {upstream.Tenants} tenants of {upstream.Environment} do not run {release}: {example.Tenant} runs {example.Release}."
                    ),
                "whoever promotes releases",
                $"tidegate promote {release} --to {upstream.Environment} --fleet DIR"
            ),
            { UnhealthyExample: { } example } => new(
                "upstream-exception",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{upstream.Unhealthy} of {upstream.Tenants} tenants of {upstream.Environment} took {release} with an exception: {example.Tenant}."
                ),
                Clearing.Operator,
                $"tidegate rollout show {example.Rollout} tells what it was; a release of another digest has to be verified there"
            ),
            _ => null,
        };

    private static GateReason? Unknown(UpstreamState upstream, string release) =>
        upstream switch
        {
            { Tenants: 0 } => new(
                "upstream-empty",
                $"{upstream.Environment} has no tenants: nothing was verified there.",
                Clearing.Operator,
                $"give {upstream.Environment} a tenant, or take it out of upstream"
            ),
            { ChangedBy: { } rollout } => new(
                "upstream-changing",
                $"rollout {rollout} works on tenants of {upstream.Environment}.",
                Clearing.Nobody,
                $"wait; tidegate rollout watch {rollout}"
            ),
            { Proven: 0 } => new(
                "upstream-unverified",
                $"{upstream.Environment} runs {release}, and no rollout verified it there: its tenants joined on it.",
                "whoever promotes releases",
                "promote a release through it"
            ),
            { Unreadable: { } tenant } => new(
                "upstream-unreadable",
                $"whether {upstream.Environment} is healthy cannot be told: the database of {tenant} could not be read.",
                Clearing.Operator,
                "tidegate rollout plan says why; mend that"
            ),
            _ => null,
        };
}
