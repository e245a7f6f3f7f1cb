using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Journeys;

/// <summary>Makes all journeys of a series.</summary>
internal sealed class JourneyRunner(IReadOnlyList<IJourneySeries> series, SitePostgres site, TimeProvider clock)
{
    /// <param name="version">The release's series, <c>19.0</c>.</param>
    /// <exception cref="JourneyException">No adapter for this series.</exception>
    /// <exception cref="StaleEpochException">This control plane is old; no further journey was begun.</exception>
    public async Task<JourneyReport> RunAsync(
        JourneyTarget target,
        string version,
        PriceQuestions questions,
        CancellationToken cancellationToken
    )
    {
        var groups =
            series
                .FirstOrDefault(candidate => string.Equals(candidate.Series, version, StringComparison.Ordinal))
                ?.Groups
            ?? throw new JourneyException($"there are no journeys for Odoo {version}");
        var started = clock.GetTimestamp();
        var log = new JourneyLog(
            clock,
            token => FencedSession.RefuseIfStaleAsync(site, target.Tenant.Tenant, target.Context.Epoch, token)
        );
        var prices = new PriceBook(questions);
        await Task.WhenAll(groups.Select(group => group.MakeAsync(target, log, prices, cancellationToken)));
        return new(
            target.Release,
            clock.GetUtcNow(),
            Math.Round(clock.GetElapsedTime(started).TotalSeconds, 3),
            log.Results,
            prices.Answer
        );
    }
}
