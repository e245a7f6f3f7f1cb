using System.Collections.Immutable;
using Tidegate.ControlPlane.Configuration;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Tests.Drift;

/// <summary>Small fleets for tests, and sites that are exactly what they should be.</summary>
internal static class DriftSample
{
    public static readonly SiteName Site = new("local");

    public static readonly EnvironmentName Production = new("production");

    public static readonly ReleaseRef Release = new("2026.11.2", Digest('2'));

    public static readonly ReleaseRef Other = new("2026.11.1", Digest('1'));

    private static readonly ImmutableSortedDictionary<string, string> Modules = ImmutableSortedDictionary<
        string,
        string
    >
        .Empty.Add("base", "19.0.1.3")
        .Add("shop", "19.0.2.0");

    public static ReleaseDigest Digest(char digit) => ReleaseDigest.Create($"sha256:{new string(digit, 64)}");

    public static FleetMember Member(int number, ReleaseRef? release = null, string pool = "shared")
    {
        var on = release ?? Release;
        return new(
            new Tenant(
                new($"t{number}"),
                new(pool),
                $"db{number}",
                [$"t{number}.example", $"www.t{number}.example"],
                "Europe/Oslo",
                new TenantProfile("journey", "journey", []) { ExternalRoles = ["reporting"] },
                on.Digest
            ),
            new Pool(new(pool), Site, Production, HostingModel.Shared, 2),
            on,
            BusyWith: null,
            IsQueued: false
        );
    }

    public static ImmutableArray<FleetMember> Fleet(int tenants) =>
        [.. Enumerable.Range(1, tenants).Select(number => Member(number))];

    public static ExpectedSite Expected(IReadOnlyCollection<FleetMember> members) =>
        ExpectedSite.Of(
            Site,
            members,
            ImmutableHashSet<TenantName>.Empty,
            ImmutableDictionary<TenantName, LastAct>.Empty
        );

    /// <summary>A site on which nothing differs.</summary>
    public static LiveSite Live(IReadOnlyCollection<FleetMember> members) =>
        new(
            Reading.Seen(
                new LiveCluster(
                    members.ToImmutableDictionary(
                        member => member.Tenant.Database,
                        member => Database(ExpectedTenant.Of(member)),
                        StringComparer.Ordinal
                    ),
                    ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
                    Sorted()
                )
            ),
            Reading.Seen(
                members.ToImmutableDictionary(
                    member => member.Tenant.Name,
                    member => new LiveRoute(
                        GenerationName.Of(member.Pool.Name, member.Tenant.Release),
                        member.Tenant.Database,
                        member.Tenant.Hosts,
                        Ports(member.Pool.Name),
                        LapsedHold: null
                    )
                )
            ),
            Reading.Seen(
                members
                    .GroupBy(member => (member.Pool.Name, member.Tenant.Release))
                    .Select(same => Generation(same.Key.Name, same.Key.Release, [.. same]))
                    .ToImmutableArray()
            )
        );

    public static IReadOnlyDictionary<TenantName, ModuleQuestion> Installed(IReadOnlyCollection<FleetMember> members) =>
        members.ToDictionary(
            member => member.Tenant.Name,
            _ => new ModuleQuestion(
                Reading.Seen(Modules),
                Reading.Seen(Modules.ToImmutableDictionary(StringComparer.Ordinal))
            )
        );

    public static DriftReport Compare(
        IReadOnlyCollection<FleetMember> members,
        LiveSite live,
        IReadOnlyDictionary<TenantName, ModuleQuestion>? modules = null
    ) => DriftComparison.Compare(Expected(members), live, modules ?? Installed(members), []);

    public static ImmutableSortedSet<string> Sorted(params IEnumerable<string> texts) =>
        texts.ToImmutableSortedSet(StringComparer.Ordinal);

    private static LivePorts Ports(PoolName pool) => new(8000 + pool.Value.Length, 9000 + pool.Value.Length);

    private static LiveDatabase Database(ExpectedTenant tenant) =>
        new(
            RoleNames.Site,
            IsOpen: true,
            IsTemplate: false,
            Sorted(tenant.Rights),
            Sorted(tenant.GenerationRole),
            Sorted(tenant.Setting)
        );

    private static LiveGeneration Generation(PoolName pool, ReleaseDigest digest, ImmutableArray<FleetMember> served)
    {
        var databases = Sorted(served.Select(member => member.Tenant.Database));
        return new(
            pool,
            digest,
            new(2, null),
            [
                new("web", digest.Value, ["--http-port=(port)", "--gevent-port=(port)"], IsStale: false),
                new("cron", digest.Value, CronProcess.Arguments, IsStale: false),
            ],
            Reading.Seen(
                GenerationSettings
                    .Of(GenerationPlaces.OfNobody, 2, null)
                    .ToImmutableSortedDictionary(
                        setting => setting.Name,
                        setting => setting.Value,
                        StringComparer.Ordinal
                    )
            ),
            Ports(pool),
            Reading.Seen(new LiveList(databases, databases)),
            Reading.Seen(ImmutableArray<string>.Empty)
        );
    }
}
