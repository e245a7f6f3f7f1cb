using System.Collections.Immutable;
using Tidegate.Contracts.Fleet;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Observations;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Placement;

/// <summary>What came of applying a fleet.</summary>
public abstract record ApplyFleetResult
{
    private ApplyFleetResult() { }

    /// <summary>All of it is known; these are not served yet.</summary>
    public sealed record Applied(ImmutableArray<UnplacedTenantView> Unplaced) : ApplyFleetResult;

    /// <summary>Nothing was stored: the document is wrong.</summary>
    public sealed record Invalid(string What) : ApplyFleetResult;

    /// <summary>Nothing was stored: a new tenant's database cannot be read, or cannot be looked at now.</summary>
    public sealed record Unreadable(string What) : ApplyFleetResult;

    /// <summary>Nothing was stored: a host name is another tenant's.</summary>
    public sealed record Conflict(string What) : ApplyFleetResult;
}

/// <summary>Makes pools and tenants known, and has each site's own server serve its tenants.</summary>
public sealed class PlacementDesk(FleetStore fleet, IReleaseNames releases, SiteRequests requests)
{
    private static readonly TimeSpan LookBound = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PlaceBound = TimeSpan.FromMinutes(4);

    public async Task<ApplyFleetResult> ApplyAsync(
        FleetDocument document,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var members = await fleet.ListAsync(null, cancellationToken);
        var pools = await fleet.PoolsAsync(cancellationToken);
        var names = await releases.NamesAsync(cancellationToken);
        if (
            FleetDocuments.Read(document, names, pools.Select(pool => pool.Name).ToHashSet(), out var problem)
            is not { } read
        )
        {
            return new ApplyFleetResult.Invalid(problem!);
        }

        // Before anything is stored: a tenant that cannot be served must not be half known.
        var sites = pools
            .Concat(read.Pools)
            .GroupBy(pool => pool.Name)
            .ToDictionary(pool => pool.Key, pool => pool.Last().Site);
        var same = members.Select(member => (member.Tenant.Name, member.Tenant.Database, member.Pool.Site)).ToHashSet();
        var unseen = read.Tenants.Where(tenant => !same.Contains((tenant.Name, tenant.Database, sites[tenant.Pool])));
        if (
            await LookAsync(unseen.ToLookup(tenant => sites[tenant.Pool]), actor, LookBound, cancellationToken)
            is [var unreadable, ..]
        )
        {
            return new ApplyFleetResult.Unreadable(unreadable.Reason);
        }

        if (await fleet.ApplyAsync(read.Pools, read.Tenants, cancellationToken) is { } conflict)
        {
            return new ApplyFleetResult.Conflict(conflict);
        }

        // Known before and not placed, because this was interrupted: placing is idempotent, so all that are idle are placed.
        return new ApplyFleetResult.Applied(
            await PlaceAsync([.. read.Tenants.Select(tenant => tenant.Name)], actor, PlaceBound, cancellationToken)
        );
    }

    /// <summary>Has each site's own server look at the databases of its tenants, which need not be known yet.</summary>
    /// <returns>Those that cannot be read or could not be looked at within the bound, each with one sentence.</returns>
    public async Task<ImmutableArray<UnreadableTenant>> LookAsync(
        ILookup<SiteName, Tenant> tenants,
        string actor,
        TimeSpan bound,
        CancellationToken cancellationToken
    )
    {
        var unreadable = await Task.WhenAll(
            tenants.Select(async site =>
                await requests.AskAsync(
                    ObserveTenants.Kind,
                    new(site.Key, new([.. site]), actor),
                    bound,
                    cancellationToken
                ) switch
                {
                    SiteAnswer<ObservedTenants>.Given given => given.Answer.Unreadable,
                    SiteAnswer<ObservedTenants>.Missing missing =>
                    [
                        .. site.Select(tenant => new UnreadableTenant(tenant.Name, missing.Reason)),
                    ],
                    _ => throw new System.Diagnostics.UnreachableException(),
                }
            )
        );
        return [.. unreadable.SelectMany(each => each)];
    }

    /// <summary>Has each site's own server serve those of these tenants that are known, and that no rollout works on.</summary>
    /// <returns>Those that are not served within the bound, by name; asked for they stay.</returns>
    public async Task<ImmutableArray<UnplacedTenantView>> PlaceAsync(
        IReadOnlyCollection<TenantName> tenants,
        string actor,
        TimeSpan bound,
        CancellationToken cancellationToken
    )
    {
        var idle = (await fleet.FindAsync(tenants, cancellationToken)).Where(member => member.BusyWith is null);
        var unplaced = await Task.WhenAll(
            idle.GroupBy(member => member.Pool.Site, member => member.Tenant.Name)
                .Select(site => PlaceAsync(site.Key, [.. site], actor, bound, cancellationToken))
        );
        return [.. unplaced.SelectMany(each => each).OrderBy(tenant => tenant.Tenant, StringComparer.Ordinal)];
    }

    private async Task<IEnumerable<UnplacedTenantView>> PlaceAsync(
        SiteName site,
        ImmutableArray<TenantName> tenants,
        string actor,
        TimeSpan bound,
        CancellationToken cancellationToken
    ) =>
        await requests.AskAsync(PlaceTenants.Kind, new(site, new(tenants), actor), bound, cancellationToken) switch
        {
            SiteAnswer<PlacedTenants>.Given given => given.Answer.Unplaced.Select(unplaced => new UnplacedTenantView(
                unplaced.Tenant.Value,
                site.Value,
                unplaced.Reason
            )),
            SiteAnswer<PlacedTenants>.Missing missing => tenants.Select(tenant => new UnplacedTenantView(
                tenant.Value,
                site.Value,
                missing.Reason
            )),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
