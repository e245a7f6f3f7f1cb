using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>What came of asking for a plan.</summary>
public abstract record PlanResult
{
    private PlanResult() { }

    public sealed record Planned(RolloutPlan Plan) : PlanResult;

    public sealed record UnknownName(string What, string Next) : PlanResult;

    public sealed record Invalid(string What) : PlanResult;

    /// <summary>The release may not go there, whatever the tenants say.</summary>
    public sealed record Blocked(string What, string Next) : PlanResult;
}

/// <summary>Takes requests for plans and rollouts: reads the world once, lets the planner decide, stores the result.</summary>
public sealed class RolloutDesk(
    CandidateReader candidates,
    ReleaseStore releases,
    FleetStore fleet,
    IRolloutStore rollouts,
    ICalendars calendars,
    EnvironmentTermsStore terms,
    TimeProvider clock
)
{
    private static readonly TimeSpan HealingPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    /// <summary>A plan of what a person would start.</summary>
    public Task<PlanResult> PlanAsync(PlanRollout wanted, CancellationToken cancellationToken) =>
        PlanAsync(wanted, StartKind.Manual, cancellationToken);

    public async Task<PlanResult> PlanAsync(PlanRollout wanted, StartKind kind, CancellationToken cancellationToken)
    {
        var (release, environment) = (wanted.Release, wanted.Environment);
        if (PlanDocumentMapping.Policy(wanted.Rules, out var problem) is not { } policy)
        {
            return new PlanResult.Invalid(problem!);
        }

        var place = new EnvironmentName(environment);
        var governed = await terms.FindAsync(place, cancellationToken);
        if (governed is not null && RolloutLimits.Refusal(wanted.Rules, governed) is { } over)
        {
            return over;
        }

        var set = await calendars.InForceAsync(cancellationToken);
        var overrides = RuleOverrides.Whole(wanted.Overrides ?? [], set.Rules, out var stranger);
        if (stranger is (var what, var next))
        {
            return new PlanResult.UnknownName(what, next);
        }

        if (await releases.FindAsync(release, cancellationToken) is not { } known)
        {
            return new PlanResult.UnknownName(
                $"there is no release \"{release}\".",
                "tidegate release list shows those there are."
            );
        }

        if (BlockedRelease.Refusal(known) is { } blocked)
        {
            return blocked;
        }

        if (!wanted.Older && await OlderAsync(place, known, cancellationToken) is { } older)
        {
            return older;
        }

        var read = await candidates.ReadAsync(place, known.Ref, wanted.Supersede, cancellationToken);
        if (read.Count == 0)
        {
            return new PlanResult.UnknownName(
                $"environment \"{environment}\" has no tenants.",
                "tidegate tenant list shows those there are."
            );
        }

        var names = read.Select(candidate => candidate.Tenant.Name).ToHashSet();
        return policy.Canaries.FirstOrDefault(canary => !names.Contains(canary)) is { Value: not null } elsewhere
            ? new PlanResult.UnknownName(
                $"there is no tenant \"{elsewhere}\" in {environment}.",
                "tidegate tenant list shows those there are."
            )
            : new PlanResult.Planned(
                RolloutPlanner.Plan(
                    new PlanRequest(
                        place,
                        known.Ref,
                        governed is null ? policy : RolloutLimits.Within(policy, governed.Policy.Limits),
                        known.Notes.DeclaredPriceChanges
                    )
                    {
                        Terms = governed,
                        DeclaredDrops = known.Notes.DeclaredDrops,
                        Calendars = set,
                        Overridden = RuleOverrides.Names(overrides),
                        StartKind = kind,
                        Class = known.Class,
                        Risk = ReleaseRisk.Word(known.Risk.Level),
                        Now = clock.GetUtcNow(),
                    },
                    read
                )
            );
    }

    /// <summary>Stores a plan as a running rollout.</summary>
    public Task<StartRolloutResult> StartAsync(
        RolloutPlan plan,
        string actor,
        string? reason,
        bool supersede,
        CancellationToken cancellationToken
    ) => StartAsync(plan, new StartedBy(actor, reason, supersede), cancellationToken);

    /// <summary>Stores a plan as a running rollout, and marks the planned work that it carries out, if any, in the same transaction.</summary>
    /// <remarks>A healing of one of its tenants is waited for: it takes seconds, and nothing else begins on that tenant.</remarks>
    public async Task<StartRolloutResult> StartAsync(
        RolloutPlan plan,
        StartedBy by,
        CancellationToken cancellationToken
    )
    {
        var pools = (await fleet.ListAsync(plan.Environment, cancellationToken))
            .Select(member => member.Pool)
            .DistinctBy(pool => pool.Name)
            .ToDictionary(pool => pool.Name, pool => pool.Site);
        var deadline = clock.GetUtcNow() + HealingPatience;
        while (true)
        {
            var result = await rollouts.StartAsync(
                new NewRollout(RolloutId.New(clock), plan, pools, by.Actor, by.Reason, by.Supersede, clock.GetUtcNow())
                {
                    Work = by.Work,
                    IsAutomatic = by.IsAutomatic,
                    Emergency = by.Emergency,
                },
                cancellationToken
            );
            if (result is not StartRolloutResult.Healing healing)
            {
                return result;
            }

            if (clock.GetUtcNow() > deadline)
            {
                return new StartRolloutResult.Refused($"{healing.Reason} It has not ended; start again.");
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }
    }

    /// <summary>Gives a rollout up: nothing begins any more, and what has not begun to open goes back.</summary>
    public Task<AbortResult> AbortAsync(
        string rollout,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) => rollouts.AbortAsync(Order(rollout, actor, reason), cancellationToken);

    /// <summary>Lets what asks a person go on: every tenant of the rollout, or the one that is named.</summary>
    public Task<ResumeResult> ResumeAsync(
        string rollout,
        string? tenant,
        string actor,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        rollouts.ResumeAsync(
            Order(rollout, actor, reason),
            tenant is null ? null : new TenantName(tenant),
            cancellationToken
        );

    private async Task<PlanResult?> OlderAsync(
        EnvironmentName environment,
        ReleaseRecord release,
        CancellationToken cancellationToken
    )
    {
        var members = await fleet.ListAsync(environment, cancellationToken);
        var running = await releases.FindAsync(
            members.Select(member => member.Release.Digest).ToHashSet(),
            cancellationToken
        );
        return BlockedRelease.OlderRefusal(release, members, running);
    }

    private OperatorCommand Order(string rollout, string actor, string? reason) =>
        new(new RolloutId(rollout), actor, reason, clock.GetUtcNow());
}

/// <summary>Who starts a rollout, and what for.</summary>
/// <param name="Supersede">Whether it may take the place of a rollout that runs in the same environment.</param>
/// <param name="Work">The planned work that it carries out; null when a person started it.</param>
/// <param name="Emergency">The emergency that it is; null for an ordinary start.</param>
public sealed record StartedBy(
    string Actor,
    string? Reason,
    bool Supersede,
    WorkToStart? Work = null,
    EmergencyToOpen? Emergency = null
)
{
    /// <summary>Whether nobody stands behind it.</summary>
    public bool IsAutomatic { get; init; }
}
