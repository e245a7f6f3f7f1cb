using System.Collections.Immutable;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Promotion.Gates;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>All that is known of promotion into an environment.</summary>
/// <param name="Facts">Of the newest work, read now; null when there is none.</param>
/// <param name="Gates">What its gates say now; empty unless it waits.</param>
public sealed record KnownPromotion(
    EnvironmentTerms? Terms,
    WaitingWork? Work,
    PromotionFacts? Facts,
    ImmutableArray<AskedGate> Gates,
    IReadOnlyList<PromotionHold> Holds
);

/// <summary>Takes what people ask and say about promotion.</summary>
public sealed class PromotionDesk(
    PlannedWorkStore planned,
    EnvironmentTermsStore terms,
    PromotionReader reader,
    ReleaseStore releases,
    TimeProvider clock
)
{
    private const int LongestList = 500;

    /// <summary>What waits or runs, the newest of each environment.</summary>
    /// <param name="environment">Only there; everywhere when null.</param>
    public async Task<IReadOnlyList<WaitingWork>> ListAsync(
        EnvironmentName? environment,
        Visible visible,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await planned.NewestAsync(environment, visible, LongestList, cancellationToken)).Where(work =>
                work.Work.State is PlannedWorkState.Waiting or PlannedWorkState.Started
            ),
        ];

    /// <summary>Null when neither git nor anything planned or held speaks of such an environment.</summary>
    public async Task<KnownPromotion?> FindAsync(EnvironmentName environment, CancellationToken cancellationToken)
    {
        var asks = await terms.FindAsync(environment, cancellationToken);
        var work = await planned.NewestAsync(environment, Visible.Everything, 1, cancellationToken) is [var newest, ..]
            ? newest
            : null;
        var holds = await planned.HoldsAsync(environment, LongestList, cancellationToken);
        if (asks is null && work is null && holds.Count == 0)
        {
            return null;
        }

        var facts = work is null ? null : (await reader.ReadAsync([work.Question], cancellationToken))[0];
        return new KnownPromotion(
            asks,
            work,
            facts,
            work is { Work.State: PlannedWorkState.Waiting } ? Gates(work, facts!) : [],
            holds
        );
    }

    /// <summary>What gates say now; where all of these let it through, with what was said once it was planned.</summary>
    private ImmutableArray<AskedGate> Gates(WaitingWork work, PromotionFacts facts)
    {
        var now = PromotionGates.Ask(facts, clock.GetUtcNow());
        return now.All(gate => gate.LetsThrough)
            ?
            [
                .. now,
                .. work.Gates.Where(kept => !kept.LetsThrough && now.All(gate => gate.Answer.Gate != kept.Answer.Gate)),
            ]
            : now;
    }

    /// <summary>Whether a release may enter an environment, were it asked for. Whether one could begin at this moment is left out.</summary>
    /// <returns>Null when there is no release of that name.</returns>
    public async Task<(ReleaseRef Release, ImmutableArray<AskedGate> Gates)?> AskAsync(
        EnvironmentName environment,
        string release,
        CancellationToken cancellationToken
    )
    {
        if (await releases.FindAsync(release, cancellationToken) is not { } known)
        {
            return null;
        }

        var question = new PromotionQuestion(environment, known.Ref);
        var facts = (await reader.ReadAsync([question], cancellationToken))[0];
        return (known.Ref, PromotionGates.Entry(facts, clock.GetUtcNow()));
    }

    /// <summary>A person lets what waits in an environment start.</summary>
    /// <returns>False when nothing waits there.</returns>
    public Task<bool> StartAsync(EnvironmentName environment, StartOrder order, CancellationToken cancellationToken) =>
        planned.OrderAsync(environment, order with { At = clock.GetUtcNow() }, cancellationToken);

    /// <summary>A person lets automation promote again what went back.</summary>
    /// <param name="release">This one alone, by name; all that are held there when null.</param>
    /// <returns>The holds that were lifted; none when there was none.</returns>
    public Task<IReadOnlyList<PromotionHold>> LiftAsync(
        EnvironmentName environment,
        string? release,
        string actor,
        string reason,
        CancellationToken cancellationToken
    ) => planned.LiftAsync(new HoldLift(environment, release, actor, reason, clock.GetUtcNow()), cancellationToken);
}
