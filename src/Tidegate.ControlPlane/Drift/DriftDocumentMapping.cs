using Tidegate.Contracts.Drift;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Emergencies;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Drift;

/// <summary>Drift as the API shows it.</summary>
internal static class DriftDocumentMapping
{
    /// <summary>Counts are of the whole site: who may see a part of it is told when it was, and what of that part is not known.</summary>
    public static DriftCheckView View(StoredCheck check, Visible visible) =>
        new(
            check.Site.Value,
            check.CheckedAt,
            check.Took.TotalSeconds,
            visible.IsEverything ? check.Judged : null,
            visible.IsEverything ? check.Busy : null,
            [
                .. check
                    .Unknown.Where(unknown =>
                        visible.IsEverything
                        || (
                            DriftSubject.Parse(unknown.Subject) is { Kind: "tenant", Name: var tenant }
                            && visible.HasTenant(tenant)
                        )
                    )
                    .Select(unknown => new UnknownView(unknown.Subject, unknown.Aspect.Word(), unknown.Why)),
            ]
        );

    public static ReleaseNotInGitView View(UnaskedRelease unasked) =>
        new(
            unasked.Environment.Value,
            UnaskedRelease.Code,
            unasked.Release,
            unasked.Tenants,
            unasked.Asked,
            unasked.Origin,
            unasked.Emergency.Value,
            unasked.By,
            unasked.At,
            unasked.Next
        );

    public static DifferenceView View(StoredDifference stored, LastAct? last, DriftMode mode)
    {
        var difference = stored.Difference;
        return new(
            stored.Site.Value,
            difference.Subject.ToString(),
            difference.Environment?.Value,
            difference.Code.Name,
            difference.Code.Says,
            difference.Item,
            difference.Expected,
            difference.Found,
            difference.Cause is DriftCause.Manual ? "manual" : "behind",
            stored.FirstSeen,
            stored.LastSeen,
            last is null ? null : new(Says(last), last.Rollout.Value, last.At),
            HealedBy(difference.Code.Remedy),
            mode is DriftMode.Heal ? "heal" : "report",
            Next(difference, mode)
        );
    }

    public static HealingView View(StartedHealings started) =>
        new(
            [
                .. started.Healings.Select(healing => new StartedHealingView(
                    healing.Id.Value,
                    healing.Plan.Environment.Value,
                    healing.Plan.Release.Name,
                    [
                        .. healing
                            .Plan.Waves[0]
                            .Tenants.Select(tenant => new HealedTenantView(
                                tenant.Target.Tenant.Value,
                                [.. tenant.Steps.Select(step => step.Kind)]
                            )),
                    ]
                )),
            ],
            [
                .. started
                    .Left.DistinctBy(left => (left.Subject, left.Code))
                    .Select(left => new UnhealedView(
                        left.Subject.ToString(),
                        left.Code.Name,
                        left.Why,
                        left.IsWaiting
                    )),
            ]
        );

    private static string? HealedBy(Remedy remedy) =>
        remedy switch
        {
            Remedy.None => null,
            Remedy.Rights => "restore-rights",
            Remedy.Generation => "restart-generation",
            Remedy.Route => "restore-route",
        };

    private static string Next(Difference difference, DriftMode mode) =>
        !difference.Code.IsHealable ? difference.Code.Next
        : mode is DriftMode.Heal ? "nothing: the policy heals it"
        : difference.Subject.Kind is "tenant" ? $"tidegate drift heal {difference.Subject.Name}"
        : $"tidegate drift heal --environment {difference.Environment}";

    private static string Says(LastAct last) =>
        (last.IsHealing, last.IsDone) switch
        {
            (false, true) => $"rollout {last.Rollout} took it to {last.Release}",
            (false, false) => $"rollout {last.Rollout} to {last.Release} took it back: {last.Reason}",
            (true, true) => $"healing {last.Rollout} put it right on {last.Release}",
            (true, false) => $"healing {last.Rollout} could not put it right: {last.Reason}",
        };
}
