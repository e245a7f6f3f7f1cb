using System.Collections.Immutable;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Following;

/// <summary>Says how pools and tenants become what git says. What cannot be done at once is a blocker of its own subject; the rest goes on.</summary>
public static class SettlingPlanner
{
    /// <param name="open">What is not settled; what git does not name any more is, and everything else is left alone.</param>
    public static SettlingPlan Plan(
        SettlingOrder order,
        IReadOnlyCollection<UnsettledObject> open,
        LiveFleet live,
        DateTimeOffset now
    )
    {
        var plan = new Draft(new SettlingBlockers(order.Commit, now));
        var tenants = open.Where(each => each.Kind is UnsettledKind.Tenant)
            .Select(each => new TenantName(each.Name))
            .ToList();
        var pools = open.Where(each => each.Kind is UnsettledKind.Pool).Select(each => new PoolName(each.Name));
        // A pool that somebody has taken away is missing for its tenants, whether it was to be settled or not.
        var missing = tenants
            .Select(order.Fleet.Tenants.Find)
            .OfType<DesiredTenant>()
            .Select(tenant => tenant.Pool)
            .Where(pool => !live.Pools.ContainsKey(pool));
        foreach (var pool in pools.Concat(missing).Distinct())
        {
            PlanPool(pool, order.Fleet, live, plan);
        }

        foreach (var tenant in tenants)
        {
            PlanTenant(tenant, order.Fleet, live, plan);
        }

        return plan.ToPlan();
    }

    private static void PlanPool(PoolName name, DesiredFleet fleet, LiveFleet live, Draft plan)
    {
        if (fleet.Pools.Find(name) is not { } desired)
        {
            plan.Settled.Add(UnsettledObject.Of(name));
            return;
        }

        var known = live.Pools.GetValueOrDefault(name);
        var wanted = PoolOf(desired);
        var occupancy = live.Occupancy.GetValueOrDefault(name, PoolOccupancy.None);
        if (known is not null && known.Site != wanted.Site && occupancy.Tenants > 0)
        {
            plan.Wait(name, plan.Blockers.PoolWouldMove(known, wanted, occupancy));
        }
        else if (known is not null && known.Environment != wanted.Environment && occupancy.Busy > 0)
        {
            plan.Wait(name, plan.Blockers.PoolIsBusy(known, wanted));
        }
        else if (!live.Sites.Contains(wanted.Site))
        {
            plan.Wait(name, plan.Blockers.SiteUnknown(wanted));
        }
        else
        {
            if (wanted != known)
            {
                plan.Pools.Add(wanted);
            }

            plan.Settled.Add(UnsettledObject.Of(name));
        }
    }

    private static void PlanTenant(TenantName name, DesiredFleet fleet, LiveFleet live, Draft plan)
    {
        if (fleet.Tenants.Find(name) is not { } desired)
        {
            plan.Settled.Add(UnsettledObject.Of(name));
            return;
        }

        var pool = fleet.Pools[desired.Pool];
        if (plan.Waiting.Contains(pool.Name))
        {
            return; // the pool's blocker says why
        }

        if (live.Tenants.GetValueOrDefault(name) is { } member)
        {
            PlanKnown(desired, pool.Site, member, plan);
        }
        else
        {
            PlanNew(desired, pool.Site, fleet, live, plan);
        }
    }

    private static void PlanKnown(DesiredTenant desired, SiteName site, FleetMember member, Draft plan)
    {
        var wanted = TenantOf(desired, member.Tenant.Release);
        var isMoved = wanted.Database != member.Tenant.Database || site != member.Pool.Site;
        var isRouted = isMoved || wanted.Pool != member.Tenant.Pool || !wanted.Hosts.SequenceEqual(member.Tenant.Hosts);
        if (member.BusyWith is { } rollout && isRouted)
        {
            plan.Blockers.Add(plan.Blockers.TenantIsBusy(desired.Name, rollout));
        }
        else if (isMoved)
        {
            plan.Unseen.Add(new(site, wanted));
        }
        else if (isRouted)
        {
            plan.Tenants.Add(wanted);
            plan.ToPlace.Add(wanted.Name);
        }
        else if (!Equal(wanted, member.Tenant))
        {
            // Nothing of where it is served: that is all there is to do, also while a rollout works on it.
            plan.Tenants.Add(wanted);
            plan.Settled.Add(UnsettledObject.Of(wanted.Name));
        }
        else
        {
            plan.ToPlace.Add(wanted.Name);
        }
    }

    private static void PlanNew(DesiredTenant desired, SiteName site, DesiredFleet fleet, LiveFleet live, Draft plan)
    {
        if ((desired.JoinsOn ?? fleet.EnvironmentOf(desired).Release) is not { } release)
        {
            plan.Blockers.Add(plan.Blockers.TenantWithoutRelease(desired.Name, fleet.EnvironmentOf(desired).Name));
        }
        else if (!live.Registered.Contains(fleet.Releases[release].Digest))
        {
            plan.Blockers.Add(plan.Blockers.ReleaseNotRegistered(desired.Name, fleet.Releases[release]));
        }
        else
        {
            plan.Unseen.Add(new(site, TenantOf(desired, fleet.Releases[release].Digest)));
        }
    }

    private static Pool PoolOf(DesiredPool pool) =>
        new(pool.Name, pool.Site, pool.Environment, pool.Hosting, pool.Workers)
        {
            Options = pool.Options == new PoolOptions() ? null : pool.Options,
        };

    private static Tenant TenantOf(DesiredTenant tenant, ReleaseDigest release) =>
        new(tenant.Name, tenant.Pool, tenant.Database, tenant.Hosts, tenant.TimeZone, tenant.Profile, release)
        {
            Tags = tenant.Tags,
            Stores = tenant.Stores,
            Revenue = tenant.Revenue ?? 1,
        };

    /// <summary>By what is stored: lists in a record are not compared by what is in them.</summary>
    private static bool Equal(Tenant left, Tenant right) => StoredJson.Write(left) == StoredJson.Write(right);

    private sealed class Draft(SettlingBlockers blockers)
    {
        public SettlingBlockers Blockers { get; } = blockers;

        public List<Pool> Pools { get; } = [];

        public List<Tenant> Tenants { get; } = [];

        public List<UnseenTenant> Unseen { get; } = [];

        public List<TenantName> ToPlace { get; } = [];

        public List<UnsettledObject> Settled { get; } = [];

        public HashSet<PoolName> Waiting { get; } = [];

        public void Wait(PoolName pool, Blocker blocker)
        {
            Waiting.Add(pool);
            Blockers.Add(blocker);
        }

        public SettlingPlan ToPlan() =>
            new()
            {
                Pools = [.. Pools],
                Tenants = [.. Tenants],
                Unseen = [.. Unseen],
                ToPlace = [.. ToPlace],
                Settled = [.. Settled],
                Blockers = Blockers.All,
            };
    }
}
