using System.Collections.Immutable;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Following;

/// <summary>Why pools and tenants are not yet what git says. Of very many with one cause only the first are told one by one.</summary>
/// <param name="commit">The commit whose state is in force.</param>
internal sealed class SettlingBlockers(GoodCommit commit, DateTimeOffset now)
{
    /// <summary>So many subjects of one cause are blockers each; one blocker counts the others.</summary>
    public const int MostSubjects = 50;

    private const string Author = "whoever changes the fleet repository";

    private readonly List<Blocker> _all = [];

    private string Origin => $"commit {commit.Id.Short} of {commit.Author}: {commit.Subject}";

    public ImmutableArray<Blocker> All =>
        [
            .. _all.DistinctBy(blocker => (blocker.Subject, blocker.Code))
                .GroupBy(blocker => blocker.Code, StringComparer.Ordinal)
                .SelectMany(group => Bounded([.. group])),
        ];

    public void Add(Blocker blocker) => _all.Add(blocker);

    public Blocker PoolWouldMove(Pool known, Pool wanted, PoolOccupancy occupancy) =>
        OfPool(
            known.Name,
            "pool-would-move",
            $"pool {known.Name} is on site {known.Site} and git puts it on {wanted.Site}; its {Count(occupancy.Tenants)} cannot move with it.",
            Author,
            $"give the pool its site back, and let another pool on {wanted.Site} have the tenants that were moved there"
        );

    public Blocker PoolIsBusy(Pool known, Pool wanted) =>
        OfPool(
            known.Name,
            "pool-busy",
            $"pool {known.Name} goes from {known.Environment} to {wanted.Environment} when no rollout works on its tenants.",
            Clearing.Nobody,
            "wait for the rollout to end, or tidegate rollout abort"
        );

    public Blocker SiteUnknown(Pool wanted) =>
        OfPool(
            wanted.Name,
            "site-unknown",
            $"no server has ever served site {wanted.Site}, so pool {wanted.Name} and its tenants wait.",
            Clearing.SiteOperator,
            $"bring it up: tidegate site up --name {wanted.Site}; or correct the site in pools/{wanted.Name}.yaml"
        );

    public Blocker TenantIsBusy(TenantName tenant, string rollout) =>
        OfTenant(
            tenant,
            "tenant-busy",
            $"its pool, database or host names change when rollout {rollout} has ended for it.",
            Clearing.Nobody,
            $"wait for the rollout, or tidegate rollout abort {rollout}"
        );

    public Blocker TenantWithoutRelease(TenantName tenant, EnvironmentName environment) =>
        OfTenant(
            tenant,
            "tenant-without-release",
            $"it is new, and neither it nor {environment} says which release its database runs.",
            Author,
            $"say joinsOn in tenants/{tenant}.yaml, or release in environments/{environment}.yaml"
        );

    public Blocker ReleaseNotRegistered(TenantName tenant, DesiredRelease release) =>
        OfTenant(
            tenant,
            "tenant-release-not-registered",
            $"it is new and joins on {release.Name}, which is not registered.",
            "whoever makes releases",
            $"tidegate release register --name {release.Name} --digest {release.Digest}"
        );

    public Blocker Unreadable(TenantName tenant, string reason) =>
        OfTenant(
            tenant,
            "tenant-unreadable",
            $"it is not taken in: {reason}",
            Clearing.SiteOperator,
            "correct its database, or its file in git; it is looked at again and again"
        );

    public Blocker NotServed(TenantName tenant, string reason) =>
        OfTenant(
            tenant,
            "tenant-not-served",
            $"it is known and not served as git says: {reason}",
            Clearing.SiteOperator,
            "put that right; it is tried again and again"
        );

    public Blocker Conflicts(FleetConflict conflict) =>
        OfTenant(
            conflict.Tenant,
            "tenant-conflict",
            conflict.What,
            Author,
            "give each host name and database to one tenant"
        );

    public Blocker NotInGit(TenantName tenant) =>
        OfTenant(
            tenant,
            "tenant-not-in-git",
            "git does not name it any more, and it is served as before: a commit never takes a tenant away.",
            Author,
            $"put tenants/{tenant}.yaml back"
        );

    private Blocker OfPool(PoolName pool, string code, string what, string clears, string next) =>
        new($"pool/{pool}", code, what, now, null, clears, next, Origin);

    private Blocker OfTenant(TenantName tenant, string code, string what, string clears, string next) =>
        new($"tenant/{tenant}", code, what, now, null, clears, next, Origin);

    private static Blocker[] Bounded(Blocker[] alike) =>
        alike.Length <= MostSubjects
            ? alike
            :
            [
                .. alike[..MostSubjects],
                alike[0] with
                {
                    Subject = SourceBlockers.Subject,
                    What = FormattableString.Invariant(
                        $"so it is with {alike.Length - MostSubjects} more like {alike[0].Subject}: {alike[0].What}"
                    ),
                },
            ];

    private static string Count(int tenants) =>
        tenants == 1 ? "tenant" : FormattableString.Invariant($"{tenants} tenants");
}
