using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Protection;

/// <summary>What one restore showed.</summary>
/// <param name="What">For people: <c>the verification of backup 20261126-110816F</c>.</param>
/// <param name="Took">From its beginning until what came back had been looked at; null when nobody measured it.</param>
/// <param name="Failure">Why it did not come back; null when it did.</param>
public sealed record RestoreProof(string What, DateTimeOffset At, TimeSpan? Took, string? Failure);

/// <summary>A restore of one tenant.</summary>
/// <param name="Bytes">Of its database; null when nobody knows.</param>
public sealed record TenantProof(TenantName Tenant, long? Bytes, RestoreProof Proof);

/// <summary>
/// Restores at one site. A tenant is proven by the newest restore of itself, of the whole cluster with its database, or of
/// its stratum: a tenant of the same site whose database is not smaller.
/// </summary>
public sealed class RestoreProofs
{
    private readonly RestoreProof? cluster;
    private readonly ImmutableHashSet<string> databases;
    private readonly ImmutableDictionary<TenantName, RestoreProof> own;

    // By size, the largest first; beside each the newest of those that are not smaller.
    private readonly ImmutableArray<(long Bytes, RestoreProof Newest)> strata;

    /// <param name="cluster">The newest of the whole cluster; null when there was none.</param>
    /// <param name="databases">What the cluster's backup held, by the names that cutovers give, too.</param>
    public RestoreProofs(RestoreProof? cluster, IEnumerable<string> databases, IReadOnlyCollection<TenantProof> tenants)
    {
        this.cluster = cluster;
        this.databases = databases.Select(DatabaseFamily.Of).ToImmutableHashSet(StringComparer.Ordinal);
        own = tenants
            .GroupBy(each => each.Tenant)
            .ToImmutableDictionary(each => each.Key, each => Newest(each.Select(proof => proof.Proof))!);
        strata = Strata(tenants);
    }

    public static RestoreProofs None { get; } = new(null, [], []);

    /// <summary>The newest that says something of the tenant; null when none does. One that was not measured counts only where no other is.</summary>
    public RestoreProof? Of(ProtectedTenant tenant) =>
        Newest(
            new[]
            {
                own.GetValueOrDefault(tenant.Name),
                databases.Contains(tenant.Database) ? cluster : null,
                tenant.Bytes is { } bytes ? Stratum(bytes) : null,
            }.OfType<RestoreProof>()
        );

    private RestoreProof? Stratum(long bytes)
    {
        // How many are not smaller.
        var (low, high) = (0, strata.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = strata[middle].Bytes >= bytes ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? null : strata[low - 1].Newest;
    }

    private static ImmutableArray<(long Bytes, RestoreProof Newest)> Strata(IEnumerable<TenantProof> tenants)
    {
        var made = ImmutableArray.CreateBuilder<(long, RestoreProof)>();
        RestoreProof? newest = null;
        foreach (var each in tenants.Where(proof => proof.Bytes is not null).OrderByDescending(proof => proof.Bytes))
        {
            newest = newest is null ? each.Proof : Newest([newest, each.Proof])!;
            made.Add((each.Bytes!.Value, newest));
        }

        return made.ToImmutable();
    }

    private static RestoreProof? Newest(IEnumerable<RestoreProof> proofs) =>
        proofs.MaxBy(proof => (proof.Took is not null || proof.Failure is not null, proof.At));
}
