using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Restores;

/// <summary>The plan by which a state that was made beside takes the place of one tenant's database: a cutover that migrates nothing. Pure.</summary>
public static class ReplacementPlan
{
    private static readonly TimeSpan DrainBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HoldBound = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan QuiesceBound = TimeSpan.FromMinutes(2);

    /// <summary>What users are told to expect. An estimate.</summary>
    private static readonly TimeSpan PredictedHold = TimeSpan.FromSeconds(5);

    /// <param name="member">Whose database is replaced.</param>
    /// <param name="source">What takes its place.</param>
    /// <param name="release">The release that it belongs to.</param>
    /// <param name="version">Of the policy, for the plan's hash.</param>
    /// <param name="replacing">The steps between fence and warming.</param>
    public static RolloutPlan Of(
        FleetMember member,
        RestoreSource source,
        ReleaseRef release,
        string version,
        ImmutableArray<Step> replacing,
        Verify verify,
        Retire retire
    )
    {
        var policy = new RolloutPolicy
        {
            Version = version,
            WaveSizes = [0],
            HoldBound = HoldBound,
            DrainBound = DrainBound,
            QuiesceBound = QuiesceBound,
        };
        var tenant = new TenantPlan(
            UpgradeTarget.Unchanged(member.Tenant, member.Pool, member.Release) with
            {
                To = release,
            },
            [
                new StartGeneration(),
                new LinkFilestore(),
                new Quiesce(QuiesceBound),
                new Hold(DrainBound, HoldBound),
                new Fence(),
                .. replacing,
                new Warm(),
                verify,
                new Open(),
                retire,
            ],
            [new SwapBack(), new ReturnSource(source), new Unfence(), new Reopen(), new CleanUp()],
            CutoverMode.Held,
            PredictedHold,
            CheckpointBytes: 0
        );
        var plan = new RolloutPlan(member.Pool.Environment, release, policy, [new Wave(1, [tenant])], [], Hash: "");
        return plan with { Hash = PlanHash.Of(plan) };
    }
}
