using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Parity;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Protection;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>
/// The gates that look at sites. What they said is good for a while: work that waits asks again and again. One that
/// takes long is not waited for; until it has answered, it says that it cannot be told.
/// </summary>
public sealed partial class SiteGates(
    ConfigurationDesk configuration,
    ParityDesk parity,
    ProtectionDesk protection,
    TimeProvider clock,
    ILogger<SiteGates> logger
) : IDisposable
{
    private static readonly TimeSpan Good = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<(string Gate, string Question), Task<Said>> asked = [];
    private readonly CancellationTokenSource ending = new();

    /// <summary>The facts with the answers that each environment's policy asks for. All are asked at once, and waited for together.</summary>
    public async Task<IReadOnlyList<PromotionFacts>> AddAsync(
        IEnumerable<PromotionFacts> facts,
        CancellationToken cancellationToken
    ) => await Task.WhenAll(facts.Select(each => AddAsync(each, cancellationToken)));

    /// <summary>Of a release that is not registered nothing is asked.</summary>
    private async Task<PromotionFacts> AddAsync(PromotionFacts facts, CancellationToken cancellationToken)
    {
        if (facts.Record is null)
        {
            return facts;
        }

        var gates = facts.Policy.Gates;
        var subject = $"{facts.Environment} {facts.Release.Digest}";
        if (gates.Configuration is not GateDemand.Off)
        {
            var atOnce = facts.Policy.Rollout.Concurrency ?? new RolloutPolicy().Concurrency;
            facts = facts with
            {
                Configuration = await AskAsync(
                    (ConfigurationGate.Name, FormattableString.Invariant($"{subject} {atOnce}")),
                    () => configuration.AskAsync(facts.Environment, facts.Release, atOnce, ending.Token),
                    cancellationToken
                ),
            };
        }

        if (gates.Parity is not GateDemand.Off && !facts.Upstream.IsEmpty)
        {
            var before = string.Join(' ', facts.Upstream.Select(upstream => upstream.Environment));
            facts = facts with
            {
                Parity = await AskAsync(
                    (ParityGate.Name, $"{subject} {before}"),
                    () => CompareAsync(facts),
                    cancellationToken
                ),
            };
        }

        return await AddProtectionAsync(facts, subject, cancellationToken);
    }

    private async Task<PromotionFacts> AddProtectionAsync(
        PromotionFacts facts,
        string subject,
        CancellationToken cancellationToken
    )
    {
        var policy = facts.Policy;
        if (!policy.Protection.AsksNothing)
        {
            facts = facts with
            {
                Protected = await AskAsync(
                    (ProtectedGate.Name, $"{subject} {policy.Rollout.Concurrency} {policy.Protection}"),
                    () => protection.ProtectedAsync(facts.Environment, facts.Release, policy, ending.Token),
                    cancellationToken
                ),
            };
        }

        return policy.Gates.Drilled is GateDemand.Off
            ? facts
            : facts with
            {
                Drilled = await AskAsync(
                    (DrilledGate.Name, facts.Environment.Value),
                    () => protection.DrilledAsync(facts.Environment, ending.Token),
                    cancellationToken
                ),
            };
    }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    private async Task<GateAnswer> CompareAsync(PromotionFacts facts)
    {
        var answers = new List<GateAnswer>();
        foreach (var upstream in facts.Upstream)
        {
            answers.Add(
                ParityGate.Ask(
                    await parity.CompareAsync(upstream.Environment, facts.Environment, maybeRead: true, ending.Token)
                )
            );
        }

        return GateReasons.Merge(ParityGate.Name, answers);
    }

    private async Task<GateAnswer> AskAsync(
        (string Gate, string Question) key,
        Func<Task<GateAnswer>> ask,
        CancellationToken cancellationToken
    )
    {
        foreach (var (old, answer) in asked)
        {
            if (answer.IsCompletedSuccessfully && clock.GetUtcNow() - (await answer).At >= Good)
            {
                asked.TryRemove(old, out _);
            }
        }

        if (asked.TryGetValue(key, out var under))
        {
            return under.IsCompleted ? (await under).Answer : StillAsked(key.Gate);
        }

        var asking = AnswerAsync(key.Gate, ask);
        asked[key] = asking;
        try
        {
            return (await asking.WaitAsync(Patience, clock, cancellationToken)).Answer;
        }
        catch (TimeoutException)
        {
            return StillAsked(key.Gate);
        }
    }

    private async Task<Said> AnswerAsync(string gate, Func<Task<GateAnswer>> ask)
    {
        try
        {
            return new Said(await ask(), clock.GetUtcNow());
        }
        catch (Exception exception)
        {
            // Sites and whatever runs there: a gate that breaks lets nothing through, and keeps no other work waiting.
            GateFailed(exception, gate);
            var reason = new GateReason(
                $"{gate}-error",
                $"the {gate} gate could not be asked: {exception.Message}",
                Clearing.Operator,
                "tidegate site status; the server's log has more"
            );
            return new Said(new GateAnswer(gate, GateVerdict.Error, [reason]), clock.GetUtcNow());
        }
    }

    private static GateAnswer StillAsked(string gate) =>
        GateAnswer.Inconclusive(
            gate,
            new GateReason($"{gate}-asked", $"the {gate} gate is being asked.", Clearing.Nobody, "wait")
        );

    private sealed record Said(GateAnswer Answer, DateTimeOffset At);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gate {Gate} could not be asked")]
    private partial void GateFailed(Exception exception, string gate);
}
