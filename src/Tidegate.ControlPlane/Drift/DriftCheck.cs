using System.Collections.Immutable;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Observations;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Drift;

/// <summary>Looks at one of this server's sites, compares, keeps what differs, and says it.</summary>
public sealed class DriftCheck(
    FleetStore fleet,
    LastActStore acts,
    ILiveState live,
    ModuleReader modules,
    DriftStore store,
    BlockerStore blockers,
    EnvironmentTermsStore terms,
    DriftOptions options,
    TimeProvider clock
)
{
    /// <summary>One check. What an upgrade began on meanwhile is left out: it was in the middle of something.</summary>
    public async Task<DriftReport> RunAsync(SiteName site, CancellationToken cancellationToken)
    {
        var look = await blockers.LookAsync(cancellationToken);
        var (at, began) = (clock.GetUtcNow(), clock.GetTimestamp());
        var before = await BusyAsync(cancellationToken);
        var seen = await MembersAsync(site, cancellationToken);
        var now = await live.ReadAsync([.. seen.Select(member => member.Tenant.Database)], cancellationToken);
        var members = await MembersAsync(site, cancellationToken);
        var busy = (await BusyAsync(cancellationToken)).Union(before).Union(Changed(seen, members));
        var last = await acts.LastAsync(members.Select(member => member.Tenant.Name), cancellationToken);
        var expected = ExpectedSite.Of(site, members, busy, last);
        var report = DriftComparison.Compare(
            expected,
            now,
            await modules.ReadAsync(expected, members, cancellationToken),
            [.. members.Select(member => member.Tenant.Name).Where(busy.Contains)]
        );
        await store.SaveAsync(site, report, clock.GetElapsedTime(began), at, cancellationToken);
        await SayAsync(site, look, cancellationToken);
        return report;
    }

    private async Task SayAsync(SiteName site, Look look, CancellationToken cancellationToken)
    {
        var heals = (await terms.ListAsync(cancellationToken))
            .Where(environment => environment.Policy.Drift is DriftMode.Heal)
            .Select(environment => environment.Environment)
            .ToHashSet();
        await blockers.ReplaceAsync(
            $"drift/{site}",
            DriftBlockers.Of(
                site,
                await store.ReadAsync(new(Site: site), cancellationToken),
                options.MostBlockers,
                environment => environment is { } name && heals.Contains(name)
            ),
            look,
            clock.GetUtcNow(),
            cancellationToken
        );
    }

    private async Task<List<FleetMember>> MembersAsync(SiteName site, CancellationToken cancellationToken) =>
        [.. (await fleet.ListAsync(null, cancellationToken)).Where(member => member.Pool.Site == site)];

    /// <summary>Those that are worked on now. One that waits for its turn is as it should be until then.</summary>
    private async Task<ImmutableHashSet<TenantName>> BusyAsync(CancellationToken cancellationToken) =>
        [
            .. (await acts.OpenAsync(cancellationToken))
                .Where(upgrade => upgrade.HasBegun)
                .Select(upgrade => upgrade.Tenant),
        ];

    /// <summary>Tenants that came, or have another database, pool or release than when the site was looked at.</summary>
    private static IEnumerable<TenantName> Changed(List<FleetMember> seen, List<FleetMember> members)
    {
        var same = seen.Select(Place).ToHashSet();
        return members.Where(member => !same.Contains(Place(member))).Select(member => member.Tenant.Name);

        static (TenantName, string, PoolName, ReleaseDigest) Place(FleetMember member) =>
            (member.Tenant.Name, member.Tenant.Database, member.Pool.Name, member.Tenant.Release);
    }
}

/// <summary>What is installed, as the site's server last saw it, and what the releases bring: no database is opened for it.</summary>
public sealed class ModuleReader(ObservationStore observations, IReleaseContents contents, ObservationOptions options)
{
    /// <param name="members">Every tenant of the site.</param>
    public async Task<IReadOnlyDictionary<TenantName, ModuleQuestion>> ReadAsync(
        ExpectedSite expected,
        IReadOnlyCollection<FleetMember> members,
        CancellationToken cancellationToken
    )
    {
        var stored = new Dictionary<TenantName, StoredObservation>();
        foreach (var environment in members.Select(member => member.Pool.Environment).Distinct())
        {
            foreach (var (tenant, seen) in await observations.ReadAsync(environment, cancellationToken))
            {
                stored[tenant] = seen;
            }
        }

        var released = expected
            .Generations.Select(generation => generation.Digest)
            .Distinct()
            .ToDictionary(digest => digest, Released);
        return expected
            .Tenants.Where(tenant => stored.ContainsKey(tenant.Tenant))
            .ToDictionary(
                tenant => tenant.Tenant,
                tenant => new ModuleQuestion(Installed(stored[tenant.Tenant]), released[tenant.Release])
            );
    }

    private Reading<ImmutableDictionary<string, string>> Released(ReleaseDigest digest) =>
        contents.Find(digest) is { } bundle
            ? Reading.Seen(ModuleQuestion.Versions(bundle))
            : new Reading<ImmutableDictionary<string, string>>.Unknown(
                $"release {digest.Short} is not in this server's store"
            );

    private Reading<ImmutableSortedDictionary<string, string>> Installed(StoredObservation seen) =>
        seen switch
        {
            { Observation: TenantObservation.Unreadable unreadable } => Unknown(unreadable.Reason),
            _ when seen.Age > options.Bound => Unknown(
                FormattableString.Invariant($"its database was last looked at {seen.Age.TotalMinutes:0} minutes ago")
            ),
            { Observation: TenantObservation.Seen { Installed: var installed } } => Reading.Seen(installed),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static Reading<ImmutableSortedDictionary<string, string>>.Unknown Unknown(string why) => new(why);
}
