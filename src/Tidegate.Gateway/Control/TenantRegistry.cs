using System.Collections.Immutable;
using Tidegate.Contracts.Gateway;
using Tidegate.Gateway.Holding;
using Tidegate.Gateway.Routing;

namespace Tidegate.Gateway.Control;

/// <summary>Carries out control calls, one after the other: checks, writes to disk, then acts, then answers.</summary>
/// <remarks>
/// In this order a crash at any instant leaves a state that the same call brings to its end. A release that was written
/// and not yet carried out is carried out by the restart.
/// </remarks>
internal sealed class TenantRegistry(StateFile file, RouteTable table, RouteFactory routes, TimeProvider clock)
    : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile ImmutableSortedDictionary<string, Tenant> tenants = ImmutableSortedDictionary.Create<
        string,
        Tenant
    >(StringComparer.Ordinal);
    private volatile SavedState saved = SavedState.Empty;

    public IEnumerable<Tenant> Tenants => tenants.Values;

    /// <summary>Serves what was served before. Who was on hold sees the maintenance page until the holder speaks.</summary>
    public void Restore()
    {
        saved = file.Read();
        foreach (var (name, tenant) in saved.Tenants)
        {
            if (tenant.Route is { } route)
            {
                var restored = Serve(name, route);
                if (tenant.Hold is { } hold)
                {
                    restored.Gate.Close(new(Lease(hold, clock.GetUtcNow()), "the gateway restarted during the hold"));
                }
            }
        }
    }

    public ControlAnswer Find(string tenant) =>
        tenants.TryGetValue(tenant, out var found)
            ? new ControlAnswer.Done(StatusOf(found))
            : ControlAnswer.Unknown(tenant);

    public GatewayTenantStatus StatusOf(Tenant tenant) => StatusReading.Of(tenant, saved.Tenants[tenant.Name].Epoch);

    public Task<ControlAnswer> RouteAsync(string tenant, RouteChange change, CancellationToken cancellationToken) =>
        DoAsync(
            tenant,
            change.Epoch,
            now =>
            {
                if (ControlChecks.Refusal(change) is { } refusal)
                {
                    return ControlAnswer.Invalid(refusal);
                }

                if (table.FindOther(tenant, change.Hosts) is { } taken)
                {
                    return ControlAnswer.HostTaken(taken.Host, taken.Tenant);
                }

                Save(tenant, now with { Route = change });
                return new ControlAnswer.Done(StatusOf(Serve(tenant, change)));
            },
            cancellationToken
        );

    public Task<ControlAnswer> RemoveAsync(string tenant, long epoch, CancellationToken cancellationToken) =>
        DoAsync(
            tenant,
            epoch,
            now =>
            {
                Save(tenant, now with { Route = null, Hold = null });
                if (tenants.TryGetValue(tenant, out var removed))
                {
                    tenants = tenants.Remove(tenant);
                    table.Replace(tenants.Values);
                    removed.Gate.Close(new(Lease(new("removed", default, 0, 0), default), "the tenant was taken away"));
                }

                return new ControlAnswer.Removed();
            },
            cancellationToken
        );

    public Task<ControlAnswer> HoldAsync(
        string tenant,
        string hold,
        HoldTerms terms,
        CancellationToken cancellationToken
    ) =>
        OnServedAsync(
            tenant,
            terms.Epoch,
            (now, served) =>
            {
                if (ControlChecks.Refusal(terms) is { } refusal)
                {
                    return ControlAnswer.Invalid(refusal);
                }

                if (now.Hold is { } on && on.Id != hold && !MayTakeOver(tenant, terms.Epoch, served))
                {
                    return ControlAnswer.HoldTaken(tenant, hold, on.Id);
                }

                var kept = now.Hold is { } same && same.Id == hold ? same : Begin(hold, terms);
                Save(tenant, now with { Hold = kept });
                Renew(served, kept, terms.LeaseSeconds);
                return new ControlAnswer.Done(StatusOf(served));
            },
            cancellationToken
        );

    public Task<ControlAnswer> RenewAsync(
        string tenant,
        string hold,
        LeaseRenewal renewal,
        CancellationToken cancellationToken
    ) =>
        OnServedAsync(
            tenant,
            renewal.Epoch,
            (now, served) =>
            {
                if (ControlChecks.LeaseRefusal(renewal.LeaseSeconds) is { } refusal)
                {
                    return ControlAnswer.Invalid(refusal);
                }

                Save(tenant, now);
                if (now.Hold is { } on && on.Id == hold)
                {
                    Renew(served, on, renewal.LeaseSeconds);
                }

                return new ControlAnswer.Done(StatusOf(served));
            },
            cancellationToken
        );

    /// <summary>Releases this hold; one that is not on (any more) is left as it is.</summary>
    public Task<ControlAnswer> ReleaseAsync(
        string tenant,
        string hold,
        long epoch,
        CancellationToken cancellationToken
    ) =>
        OnServedAsync(
            tenant,
            epoch,
            (now, served) =>
            {
                var isOn = now.Hold?.Id == hold;
                Save(tenant, isOn ? now with { Hold = null } : now);
                if (isOn)
                {
                    served.Gate.Release();
                }

                return new ControlAnswer.Done(StatusOf(served));
            },
            cancellationToken
        );

    public void Dispose()
    {
        turn.Dispose();
        foreach (var tenant in tenants.Values)
        {
            tenant.Dispose();
        }
    }

    private Task<ControlAnswer> OnServedAsync(
        string tenant,
        long epoch,
        Func<SavedTenant, Tenant, ControlAnswer> act,
        CancellationToken cancellationToken
    ) =>
        DoAsync(
            tenant,
            epoch,
            now => tenants.TryGetValue(tenant, out var served) ? act(now, served) : ControlAnswer.Unknown(tenant),
            cancellationToken
        );

    private async Task<ControlAnswer> DoAsync(
        string tenant,
        long epoch,
        Func<SavedTenant, ControlAnswer> act,
        CancellationToken cancellationToken
    )
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var now = saved.Tenants.GetValueOrDefault(tenant) ?? new SavedTenant(epoch, null, null);
            return epoch < now.Epoch ? ControlAnswer.Stale(tenant, epoch, now.Epoch) : act(now with { Epoch = epoch });
        }
        finally
        {
            turn.Release();
        }
    }

    // Renewals change nothing that is kept: a restart makes every hold a lapsed one anyway.
    private void Save(string tenant, SavedTenant next)
    {
        if (saved.Tenants.TryGetValue(tenant, out var before) && before == next)
        {
            return;
        }

        var state = saved with { Tenants = saved.Tenants.SetItem(tenant, next) };
        file.Write(state);
        saved = state;
    }

    private Tenant Serve(string name, RouteChange change)
    {
        if (tenants.TryGetValue(name, out var tenant))
        {
            tenant.Route = routes.Create(tenant.Meters, change);
        }
        else
        {
            tenant = routes.CreateTenant(name, change);
            tenants = tenants.Add(name, tenant);
        }

        table.Replace(tenants.Values);
        return tenant;
    }

    // A hold that has lapsed is nobody's any more, so an equal epoch is enough.
    private bool MayTakeOver(string tenant, long epoch, Tenant served) =>
        epoch > saved.Tenants[tenant].Epoch || served.Gate.Mode is GateMode.Maintenance;

    private SavedHold Begin(string hold, HoldTerms terms) =>
        new(hold, clock.GetUtcNow().AddSeconds(terms.BoundSeconds), terms.MaxRequests, terms.MaxBytes);

    private void Renew(Tenant served, SavedHold hold, double leaseSeconds)
    {
        var now = clock.GetUtcNow();
        if (now < hold.BoundEndsAt)
        {
            served.Gate.Hold(Lease(hold, now.AddSeconds(leaseSeconds)));
        }
    }

    private static HoldLease Lease(SavedHold hold, DateTimeOffset endsAt) =>
        new(hold.Id, endsAt, hold.BoundEndsAt, new HoldLimits(hold.MaxRequests, hold.MaxBytes));
}
