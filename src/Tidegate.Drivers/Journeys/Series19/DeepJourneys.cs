using System.Collections.Immutable;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Journeys.Series19;

/// <summary>Flows through Odoo's own code, all asked of one child of the generation's fork server: it loads the tenant's registry once for them.</summary>
internal sealed class DeepJourneys(SiteLayout layout, ImmutableArray<DeepJourney> journeys) : IJourneyGroup
{
    public Task MakeAsync(
        JourneyTarget target,
        JourneyLog log,
        PriceBook prices,
        CancellationToken cancellationToken
    ) =>
        log.MakeAsync(
            [.. journeys.Select(journey => (journey.Name, journey.Asked))],
            token => AskAsync(target, prices, token),
            cancellationToken
        );

    private async Task<IReadOnlyDictionary<string, JourneyAnswer>> AskAsync(
        JourneyTarget target,
        PriceBook prices,
        CancellationToken cancellationToken
    )
    {
        var context = target.Context;
        var answers = await ForkedJourneys.AskAsync(
            layout,
            context,
            target.Release.Digest,
            // One id per attempt: a journey leaves no trace, so it is simply made again.
            $"{context.Upgrade}-{context.StepId.Kind}-journeys-{context.Epoch}",
            journeys.ToDictionary(
                journey => journey.Name,
                journey => journey.Parameters(target, prices),
                StringComparer.Ordinal
            ),
            cancellationToken
        );
        return journeys.ToDictionary(
            journey => journey.Name,
            journey =>
            {
                var answer = answers.GetProperty(journey.Name);
                return new JourneyAnswer(
                    () => journey.Read(ForkedJourneys.CameBack(answer), prices),
                    answer.GetProperty("duration_s").GetDouble()
                );
            },
            StringComparer.Ordinal
        );
    }
}
