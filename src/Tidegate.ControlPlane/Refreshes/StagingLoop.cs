using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>Orders refreshes that are due at this server's sites, tells those that failed or are overdue, and keeps the list of copies true.</summary>
public sealed class StagingLoop(
    StagingRounds rounds,
    StagingDesk desk,
    BlockerStore blockers,
    ServedSites served,
    TimeProvider clock,
    ILogger<StagingLoop> logger
) : TurnLoop("staging tenants", new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)), clock, logger)
{
    /// <summary>Always false: what is due is done by the jobs' own loop.</summary>
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        foreach (var site in served.Names)
        {
            await LookAsync(site, stoppingToken);
        }

        return false;
    }

    /// <summary>Why it orders a refresh: nobody stands behind that one.</summary>
    public const string Due = "it is due";

    private async Task LookAsync(SiteName site, CancellationToken cancellationToken)
    {
        var look = await blockers.LookAsync(cancellationToken);
        var facts = await rounds.LookAsync(site, cancellationToken);
        var now = Clock.GetUtcNow();
        var found = facts.SelectMany(fact => RefreshDecider.Blockers(fact, now)).ToList();
        foreach (var fact in facts.Where(fact => RefreshDecider.IsDue(fact, now)))
        {
            var answer = await desk.OrderAsync(
                fact.Staging.Name,
                isConfirmed: false,
                served.Owner,
                Due,
                cancellationToken
            );
            if (answer is RefreshAnswer.Refused refused)
            {
                found.Add(
                    new(
                        $"tenant/{fact.Staging.Name}",
                        "refresh-refused",
                        $"The refresh of {fact.Staging.Name} is due: {refused.What}",
                        now,
                        Until: null,
                        "whoever looks after the staging tenant",
                        refused.Next
                    )
                );
            }
        }

        await blockers.ReplaceAsync($"staging/{site}", found, look, now, cancellationToken);
    }
}
