using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Observations;

/// <summary>Looks at tenants' databases, a few at once over all that this server does, and keeps what it saw.</summary>
public sealed class TenantLookout(
    ITenantObserver observer,
    ObservationStore store,
    ServedSites served,
    ObservationOptions options
) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.AtOnce);

    /// <summary>Looks at all of them.</summary>
    /// <returns>Those that cannot be read, in the order given.</returns>
    public async Task<ImmutableArray<UnreadableTenant>> LookAsync(
        IEnumerable<Tenant> tenants,
        CancellationToken cancellationToken
    )
    {
        var seen = await Task.WhenAll(tenants.Select(tenant => LookAsync(tenant, cancellationToken)));
        return [.. seen.OfType<UnreadableTenant>()];
    }

    /// <summary>Looks at those of this server's sites whose turn it is.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> LookAtDueAsync(int most, CancellationToken cancellationToken)
    {
        var due = await store.DueAsync(served.Values, options.Period, most, cancellationToken);
        await LookAsync(due, cancellationToken);
        return due.Count;
    }

    public void Dispose() => _free.Dispose();

    private async Task<UnreadableTenant?> LookAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            var observation = await ObserveAsync(tenant, cancellationToken);
            await store.SaveAsync(tenant, observation, cancellationToken);
            return observation is TenantObservation.Unreadable unreadable ? new(tenant.Name, unreadable.Reason) : null;
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task<TenantObservation> ObserveAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(options.Longest);
        try
        {
            return await observer.ObserveAsync(tenant, bound.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // One database that does not answer must not keep the others from being looked at.
            return new TenantObservation.Unreadable(
                $"database {tenant.Database} of {tenant.Name} did not answer within {options.Longest.TotalSeconds} s: its server is overloaded, or somebody holds its tables locked."
            );
        }
    }
}
