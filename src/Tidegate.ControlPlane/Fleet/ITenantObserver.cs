using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Fleet;

/// <summary>Looks at a tenant's database. Reads only.</summary>
public interface ITenantObserver
{
    Task<TenantObservation> ObserveAsync(Tenant tenant, CancellationToken cancellationToken);
}

/// <summary>What was seen of a tenant.</summary>
public abstract record TenantObservation
{
    private TenantObservation() { }

    /// <param name="Installed">Installed modules with the version that the database records, by name.</param>
    /// <param name="Checksums">The click-odoo checksums that the database keeps (parameter <c>module_auto_update.installed_checksums</c>), or null.</param>
    /// <param name="Languages">Active languages, <c>en_US</c>: a module's checksum depends on them.</param>
    public sealed record Seen(
        long DatabaseBytes,
        ImmutableSortedDictionary<string, string> Installed,
        ImmutableSortedDictionary<string, string>? Checksums,
        ImmutableArray<string> Languages
    ) : TenantObservation
    {
        /// <summary>What stands in the way of a cutover now: a sentence each.</summary>
        public ImmutableArray<string> Obstacles { get; init; } = [];
    }

    /// <summary>It cannot be looked at; one sentence says why.</summary>
    public sealed record Unreadable(string Reason) : TenantObservation;
}
