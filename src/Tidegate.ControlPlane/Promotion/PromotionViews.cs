using Tidegate.Contracts.Promotion;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Promotion.Gates;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>Promotion as the API shows it.</summary>
internal sealed class PromotionViews(IEnumerable<Blocker> blockers)
{
    private readonly Dictionary<(string Subject, string Code), DateTimeOffset> since = blockers
        .GroupBy(blocker => (blocker.Subject, blocker.Code))
        .ToDictionary(same => same.Key, same => same.Min(blocker => blocker.Since));

    public PromotionView View(WaitingWork waiting, IEnumerable<AskedGate> gates)
    {
        var work = waiting.Work;
        return new(
            work.Environment.Value,
            work.Release.Name,
            work.Release.Digest.Value,
            Word(work.State),
            work.Commit,
            work.Author,
            work.RequestedAt,
            work.Rollout?.Value,
            waiting.Order is { } order ? new(order.By, order.At, order.Reason, order.Older) : null,
            waiting.JudgedAt,
            work.State is PlannedWorkState.Waiting ? Gates(work.Environment, gates) : []
        );
    }

    public IReadOnlyList<PromotionGateView> Gates(EnvironmentName environment, IEnumerable<AskedGate> gates) =>
        [
            .. gates.Select(gate => new PromotionGateView(
                gate.Answer.Gate,
                GateDocuments.Word(gate.Answer.Verdict),
                gate.LetsThrough,
                [
                    .. gate.Answer.Reasons.Select(reason => new PromotionReasonView(
                        reason.Code,
                        reason.What,
                        gate.LetsThrough ? null : Since(environment, reason.Code),
                        reason.Until,
                        reason.Clears,
                        reason.Next
                    )),
                ]
            )),
        ];

    public static PromotionHoldView View(PromotionHold hold) =>
        new(
            hold.Environment.Value,
            hold.Release.Name,
            hold.Release.Digest.Value,
            hold.Since,
            hold.Rollout.Value,
            hold.Reason
        );

    public static EnvironmentAsks View(EnvironmentTerms terms) =>
        new(
            terms.Release?.Name,
            [.. terms.Upstream.Select(upstream => upstream.Value)],
            terms.Soak.TotalSeconds,
            terms.Policy.Name.Value,
            Word(terms.Policy.Start),
            Word(terms.Policy.WhenBusy),
            terms.Commit,
            terms.Author,
            terms.Expedited
        );

    public static UpstreamView View(UpstreamState upstream) =>
        new(
            upstream.Environment.Value,
            upstream.Tenants,
            upstream.Tenants - upstream.Elsewhere,
            upstream.VerifiedSince
        );

    private DateTimeOffset? Since(EnvironmentName environment, string code) =>
        since.TryGetValue((PromotionBlockers.Subject(environment), code), out var found) ? found : null;

    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
