using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Drills;

/// <summary>Orders drills that are due at this server's sites, and tells those that are overdue or failed.</summary>
public sealed class DrillLoop(
    DrillStore drills,
    DrillDesk desk,
    IDrillScenarios scenarios,
    ObjectiveStore objectives,
    FleetStore fleet,
    JobStore jobs,
    BlockerStore blockers,
    ServedSites served,
    TimeProvider clock,
    ILogger<DrillLoop> logger
) : TurnLoop("scheduled drills", Pauses, clock, logger)
{
    private const int JobsLookedAt = 20;
    private static readonly TurnPauses Pauses = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    // A drill that could not even be played is not tried again at once.
    private static readonly TimeSpan Retry = TimeSpan.FromHours(6);

    /// <summary>Always false: one look at every site, then a pause.</summary>
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        var look = await blockers.LookAsync(stoppingToken);
        var wanted = await objectives.ListAsync(stoppingToken);
        var newest = await drills.NewestAsync(stoppingToken);
        var members = wanted.Count == 0 ? [] : await fleet.ListAsync(null, stoppingToken);
        foreach (var site in served.Names)
        {
            var here = members
                .Where(member => member.Pool.Site == site)
                .Select(member => member.Tenant.Name)
                .ToHashSet();
            await LookAsync(site, DrillSchedule.Of(site, here, wanted, newest), look, stoppingToken);
        }

        return false;
    }

    private async Task LookAsync(SiteName site, DrillFacts facts, Look look, CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        await blockers.ReplaceAsync(
            $"drills/{site}",
            [
                .. facts
                    .All.Where(fact => !fact.IsKept(now))
                    .Select(fact => (fact.Objective, Reason: DrillReasons.Of(fact, now)))
                    .Select(open => new Blocker(
                        $"objective/{open.Objective}",
                        open.Reason.Code,
                        open.Reason.What,
                        now,
                        null,
                        open.Reason.Clears,
                        open.Reason.Next
                    )),
            ],
            look,
            now,
            cancellationToken
        );
        var due = facts
            .All.Where(fact => fact.IsDue(now) && scenarios.Refusal(fact.Scenario) is null)
            .DistinctBy(fact => (fact.Scenario, fact.Next));
        foreach (var fact in due)
        {
            await OrderAsync(fact, now, cancellationToken);
        }
    }

    private async Task OrderAsync(DrillFact fact, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var subject = fact.Next?.Value ?? fact.Site.Value;
        var earlier = await jobs.ListAsync(
            DrillJob.Kind.Name,
            subject,
            Visible.Everything,
            JobsLookedAt,
            cancellationToken
        );
        if (
            earlier.Any(job =>
                StoredJson.Read<DrillJob>(job.Payload).Scenario == fact.Scenario && job.CreatedAt + Retry > now
            )
        )
        {
            return;
        }

        const string reason = "scheduled by an objective";
        await (
            fact.Next is { } tenant
                ? desk.OrderAsync(fact.Scenario, tenant, served.Owner, reason, cancellationToken)
                : desk.OrderAsync(fact.Scenario, fact.Site, served.Owner, reason, cancellationToken)
        );
    }
}
