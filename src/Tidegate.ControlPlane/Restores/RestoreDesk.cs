using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Restores;

/// <summary>What somebody wants restored.</summary>
/// <param name="To">As they typed it.</param>
/// <param name="Into">Make a database of this name; null to put the state in the tenant's place.</param>
/// <param name="AsIs">With <paramref name="Into"/>: do not neutralise it.</param>
public sealed record WantedRestore(
    TenantName Tenant,
    string To,
    string? Into,
    LossAcceptance Accepted,
    bool AsIs = false
);

/// <summary>What came of asking for a way back of a tenant's data.</summary>
public abstract record RestoreAnswer
{
    private RestoreAnswer() { }

    public sealed record Priced(RestoreTarget Target, string Description, WayBackPrice Price) : RestoreAnswer;

    public sealed record Ordered(JobId Job) : RestoreAnswer;

    public sealed record Unknown(string What, string Next) : RestoreAnswer;

    public sealed record Invalid(string What, string Next) : RestoreAnswer;

    /// <summary>It costs more than was accepted, or something is in the way.</summary>
    public sealed record Refused(string What, string Next) : RestoreAnswer;

    /// <summary>The site did not answer.</summary>
    public sealed record Silent(string Reason) : RestoreAnswer;
}

/// <summary>Prices ways back of tenants' data and orders them.</summary>
public sealed class RestoreDesk(
    FleetStore fleet,
    RestoreStore store,
    SiteRequests requests,
    JobStore jobs,
    IApprovedLoss approved
)
{
    private static readonly TimeSpan StatesBound = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PriceBound = TimeSpan.FromMinutes(2);

    /// <summary>What was written until now has to be archived meanwhile, which may take a minute.</summary>
    private static readonly TimeSpan JudgeBound = TimeSpan.FromSeconds(90);

    /// <summary>What it would cost now. Changes nothing.</summary>
    public async Task<RestoreAnswer> PriceAsync(WantedRestore wanted, string actor, CancellationToken cancellationToken)
    {
        if (RestoreTarget.Parse(wanted.To) is not { } target)
        {
            return NoTarget(wanted.To);
        }

        if ((await fleet.FindAsync([wanted.Tenant], cancellationToken)).SingleOrDefault() is not { } member)
        {
            return new RestoreAnswer.Unknown(
                $"there is no tenant \"{wanted.Tenant}\".",
                "tidegate tenant list shows those there are."
            );
        }

        return await PointAsync(member, target, wanted.Into, actor, cancellationToken) switch
        {
            ({ } point, null) => await PriceAsync(member, point, actor, cancellationToken),
            (_, { } refusal) => refusal,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Orders it, if its price is within what is accepted.</summary>
    public async Task<RestoreAnswer> OrderAsync(
        WantedRestore wanted,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        if (wanted.Into is { } into && NameRules.DatabaseRefusal(into) is { } name)
        {
            return new RestoreAnswer.Invalid(name, "tidegate tenant restore --help");
        }

        if (wanted is { AsIs: true, Into: null })
        {
            return new RestoreAnswer.Invalid(
                "what takes the tenant's place is never neutralised: --as-is is for --into.",
                "tidegate tenant restore --help"
            );
        }

        var answer = await PriceAsync(wanted, actor, cancellationToken);
        if (answer is not RestoreAnswer.Priced priced)
        {
            return answer;
        }

        if (wanted.Into is null)
        {
            // Whoever approved the plan has approved its way back, up to the limit that it names.
            if (wanted.Accepted == LossAcceptance.None && priced.Target is RestoreTarget.Checkpoint)
            {
                wanted = wanted with
                {
                    Accepted = new(await approved.OfAsync(wanted.Tenant, cancellationToken), WhatLeft: false),
                };
            }

            if (AcceptedLoss.Refusal(priced.Price, wanted.Accepted) is { } refusal)
            {
                return new RestoreAnswer.Refused(
                    $"{wanted.Tenant} does not go back to {priced.Description}: {refusal}.",
                    $"tidegate tenant restore {wanted.Tenant} --to {wanted.To} --price-only shows all of it; --accept-loss N --yes accepts it."
                );
            }

            if (await store.InTheWayAsync(wanted.Tenant, cancellationToken) is { } rollout)
            {
                return new RestoreAnswer.Refused(
                    $"{wanted.Tenant} is being worked on by rollout {rollout}.",
                    $"tidegate rollout watch {rollout}, or tidegate rollout abort {rollout}; then restore."
                );
            }
        }

        var member = (await fleet.FindAsync([wanted.Tenant], cancellationToken)).Single();
        return new RestoreAnswer.Ordered(
            await jobs.OrderAsync(
                RestoreJob.Kind,
                new JobOrder<RestoreJob>(
                    member.Pool.Site,
                    wanted.Tenant.Value,
                    new(
                        wanted.Tenant,
                        member.Tenant.Pool,
                        member.Tenant.Database,
                        priced.Target,
                        wanted.Into,
                        wanted.Accepted,
                        wanted.AsIs
                    ),
                    actor,
                    reason,
                    RestoreJob.Lane(wanted.Tenant)
                ),
                cancellationToken
            )
        );
    }

    private async Task<RestoreAnswer> PriceAsync(
        FleetMember member,
        PricedPoint point,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var asked = await requests.AskAsync(
            PriceWayBack.Kind,
            new(member.Pool.Site, new(member.Tenant.Database, point.Since), actor),
            PriceBound,
            cancellationToken
        );
        return asked is SiteAnswer<WayBackPrice>.Given { Answer: var price }
            ? new RestoreAnswer.Priced(point.Exact, point.What, price)
            : new RestoreAnswer.Silent(((SiteAnswer<WayBackPrice>.Missing)asked).Reason);
    }

    /// <summary>The point that a target means, or why there is none: one of both.</summary>
    private async Task<(PricedPoint? Point, RestoreAnswer? Refusal)> PointAsync(
        FleetMember member,
        RestoreTarget target,
        string? into,
        string actor,
        CancellationToken cancellationToken
    )
    {
        JudgedPoint? judged = null;
        if (into is not null || target is not RestoreTarget.Checkpoint)
        {
            var asked = await requests.AskAsync(
                JudgePoint.Kind,
                new(member.Pool.Site, new(member.Tenant.Name, member.Tenant.Database, target, into), actor),
                JudgeBound,
                cancellationToken
            );
            if (asked is not SiteAnswer<JudgedPoint>.Given { Answer: var answer })
            {
                return (null, new RestoreAnswer.Silent(((SiteAnswer<JudgedPoint>.Missing)asked).Reason));
            }

            if (answer.Refusal is { } refusal)
            {
                return (
                    null,
                    new RestoreAnswer.Refused(
                        $"{member.Tenant.Name} cannot be restored to {target}: {refusal}",
                        "nothing was changed; tidegate backup list and tidegate tenant backups list show what there is to restore from."
                    )
                );
            }

            judged = answer;
        }

        return target is RestoreTarget.Checkpoint(var upgrade)
            ? await CheckpointAsync(member, upgrade, actor, cancellationToken)
            : (new(target, new(judged!.Point, null, judged.Upgraded), judged.What), null);
    }

    private async Task<(PricedPoint? Point, RestoreAnswer? Refusal)> CheckpointAsync(
        FleetMember member,
        UpgradeId? upgrade,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var asked = await requests.AskAsync(
            ReadStates.Kind,
            new(member.Pool.Site, new(member.Tenant.Name, member.Tenant.Database), actor),
            StatesBound,
            cancellationToken
        );
        if (asked is not SiteAnswer<TenantStates>.Given { Answer: var states })
        {
            return (null, new RestoreAnswer.Silent(((SiteAnswer<TenantStates>.Missing)asked).Reason));
        }

        return states.Checkpoints.FirstOrDefault(kept => upgrade is null || kept.Upgrade == upgrade) is { } kept
            ? (
                new(
                    new RestoreTarget.Checkpoint(kept.Upgrade),
                    kept.Since,
                    $"checkpoint {kept.Upgrade} of {kept.SwappedAt:u}"
                ),
                null
            )
            : (
                null,
                new RestoreAnswer.Unknown(
                    $"{member.Tenant.Name} has no {new RestoreTarget.Checkpoint(upgrade)}.",
                    "tidegate checkpoint list shows the checkpoints there are; tidegate backup list the backups."
                )
            );
    }

    /// <summary>The exact target, from when on what was written is lost, and what it is for people.</summary>
    private sealed record PricedPoint(RestoreTarget Exact, WrittenSince Since, string What);

    private static RestoreAnswer.Invalid NoTarget(string to) =>
        new(
            $"\"{to}\" is no point to return to: write checkpoint, checkpoint:ID, backup:ID, a log position as 0/5000028, or a time with its distance from UTC as 2026-11-26T06:10:00+01:00.",
            "tidegate tenant restore --help"
        );
}
