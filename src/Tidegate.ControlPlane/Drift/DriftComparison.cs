using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Drift;

/// <summary>Compares a site as it is with what it should be. Pure, and total: every tenant is judged, unknown, or busy.</summary>
public static class DriftComparison
{
    /// <param name="busy">Tenants that an upgrade works on: not judged.</param>
    public static DriftReport Compare(
        ExpectedSite expected,
        LiveSite live,
        IReadOnlyDictionary<TenantName, ModuleQuestion> modules,
        ImmutableArray<TenantName> busy
    )
    {
        var parts = new[]
        {
            Rights(expected, live.Cluster),
            Generations(expected, live.Generations),
            Routes(expected, live),
            Modules(expected, modules),
        };
        var unplaced = Unplaced(expected, live.Routes);
        return new(
            [
                .. parts
                    .SelectMany(part => part.Differences)
                    .Select(difference =>
                        unplaced.Contains(difference.Subject)
                            ? difference with
                            {
                                Cause = DriftCause.Behind,
                            }
                            : difference
                    )
                    .OrderBy(difference => difference.Subject.ToString(), StringComparer.Ordinal)
                    .ThenBy(difference => difference.Code.Name, StringComparer.Ordinal)
                    .ThenBy(difference => difference.Item, StringComparer.Ordinal),
            ],
            [
                .. parts.SelectMany(part => part.Unjudged),
                .. busy.SelectMany(tenant =>
                    Enum.GetValues<DriftAspect>()
                        .Select(aspect => new Unjudged(DriftSubject.Of(tenant), aspect, "a rollout works on it"))
                ),
            ],
            expected.Tenants.Length,
            busy
        );
    }

    /// <summary>
    /// Tenants that no rollout has touched and the gateway does not know, and generations of such alone: the fleet asks
    /// for them, and nobody has placed them yet.
    /// </summary>
    private static HashSet<DriftSubject> Unplaced(
        ExpectedSite expected,
        Reading<ImmutableDictionary<TenantName, LiveRoute>> reading
    )
    {
        if (reading is not Reading<ImmutableDictionary<TenantName, LiveRoute>>.Seen { Value: var routes })
        {
            return [];
        }

        var tenants = expected
            .Tenants.Where(tenant => tenant.LedHosts is null && !routes.ContainsKey(tenant.Tenant))
            .Select(tenant => tenant.Tenant)
            .ToHashSet();
        return
        [
            .. tenants.Select(DriftSubject.Of),
            .. expected
                .Generations.Where(generation => generation.Tenants.All(tenants.Contains))
                .Select(generation => generation.Subject),
        ];
    }

    private static Part Rights(ExpectedSite expected, Reading<LiveCluster> reading)
    {
        if (reading is not Reading<LiveCluster>.Seen { Value: var cluster })
        {
            return Part.Unknown(DriftAspect.Rights, reading);
        }

        var roles = expected.Generations.ToDictionary(
            generation => RoleNames.Generation(generation.Pool.Name, generation.Digest),
            StringComparer.Ordinal
        );
        return new(
            [
                .. expected.Tenants.SelectMany(tenant =>
                    RightsComparison.Of(tenant, cluster.Databases.GetValueOrDefault(tenant.Database))
                ),
                .. cluster
                    .Powers.Where(role => roles.ContainsKey(role.Key))
                    .Select(role => new Difference(
                        roles[role.Key].Subject,
                        roles[role.Key].Pool.Environment,
                        DriftCode.RoleAttributes,
                        role.Key,
                        "none",
                        role.Value
                    )),
                .. cluster.SiteMembers.Select(member => new Difference(
                    DriftSubject.Of(expected.Site),
                    null,
                    DriftCode.SiteMember,
                    member,
                    "no member",
                    "member"
                )),
            ],
            []
        );
    }

    private static Part Generations(ExpectedSite expected, Reading<ImmutableArray<LiveGeneration>> reading)
    {
        if (reading is not Reading<ImmutableArray<LiveGeneration>>.Seen { Value: var live })
        {
            return Part.Unknown(DriftAspect.Generation, reading);
        }

        var compared = expected
            .Generations.Select(generation => GenerationComparison.Of(generation, Find(live, generation)))
            .ToList();
        return new(compared.SelectMany(part => part.Differences), compared.SelectMany(part => part.Unjudged));
    }

    private static Part Routes(ExpectedSite expected, LiveSite live)
    {
        var generations = live.Generations is Reading<ImmutableArray<LiveGeneration>>.Seen seen ? seen.Value : [];
        var routes = live.Routes as Reading<ImmutableDictionary<TenantName, LiveRoute>>.Seen;
        var byPool = generations.ToLookup(generation => generation.Pool);
        return new(
            [
                .. expected.Tenants.SelectMany(tenant =>
                    (
                        routes is null
                            ? []
                            : RouteComparison.Route(
                                tenant,
                                routes.Value.GetValueOrDefault(tenant.Tenant),
                                byPool[tenant.Pool].FirstOrDefault(found => found.Digest == tenant.Release)?.Ports
                            )
                    ).Concat(RouteComparison.Lists(tenant, byPool[tenant.Pool]))
                ),
                .. expected.Generations.SelectMany(generation =>
                    Find(generations, generation) is { } found
                        ? RouteComparison.Foreign(generation, found, expected.Databases)
                        : []
                ),
            ],
            [
                .. routes is null ? Part.Unknown(DriftAspect.Route, live.Routes).Unjudged : [],
                .. live.Generations is Reading<ImmutableArray<LiveGeneration>>.Unknown
                    ? Part.Unknown(DriftAspect.Route, live.Generations).Unjudged
                    : [],
                .. generations.SelectMany(generation =>
                    generation.Serves is Reading<LiveList>.Unknown list
                        ? expected
                            .Tenants.Where(tenant => tenant.Pool == generation.Pool)
                            .Select(tenant => new Unjudged(tenant.Subject, DriftAspect.Route, list.Why))
                        : []
                ),
            ]
        );
    }

    private static Part Modules(ExpectedSite expected, IReadOnlyDictionary<TenantName, ModuleQuestion> modules)
    {
        var (differences, unjudged) = (new List<Difference>(), new List<Unjudged>());
        foreach (var tenant in expected.Tenants)
        {
            switch (modules.GetValueOrDefault(tenant.Tenant))
            {
                case null:
                    unjudged.Add(new(tenant.Subject, DriftAspect.Modules, "its database was not looked at yet"));
                    break;
                case { Installed: Reading<ImmutableSortedDictionary<string, string>>.Unknown unseen }:
                    unjudged.Add(new(tenant.Subject, DriftAspect.Modules, unseen.Why));
                    break;
                case { Released: Reading<ImmutableDictionary<string, string>>.Unknown missing }:
                    unjudged.Add(new(tenant.Subject, DriftAspect.Modules, missing.Why));
                    break;
                case {
                    Installed: Reading<ImmutableSortedDictionary<string, string>>.Seen installed,
                    Released: Reading<ImmutableDictionary<string, string>>.Seen released
                }:
                    differences.AddRange(ModuleDrift.Of(tenant, installed.Value, released.Value));
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }

        return new(differences, unjudged);
    }

    private static LiveGeneration? Find(ImmutableArray<LiveGeneration> live, ExpectedGeneration generation) =>
        live.FirstOrDefault(found => found.Pool == generation.Pool.Name && found.Digest == generation.Digest);

    private sealed record Part(IEnumerable<Difference> Differences, IEnumerable<Unjudged> Unjudged)
    {
        /// <summary>Nothing is known of this aspect of the whole site.</summary>
        public static Part Unknown<T>(DriftAspect aspect, Reading<T> reading) =>
            new([], [new Unjudged(null, aspect, ((Reading<T>.Unknown)reading).Why)]);
    }
}
