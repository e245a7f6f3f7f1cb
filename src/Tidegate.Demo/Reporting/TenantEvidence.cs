using Tidegate.Demo.Recording;

namespace Tidegate.Demo.Reporting;

/// <summary>What became of a tenant, as its customers and PostgreSQL show it.</summary>
/// <param name="OidBefore">Of the tenant's database before the rollout. A cutover exchanges the database, so its OID.</param>
internal sealed record TenantEvidence(
    string Tenant,
    string Pool,
    string ReleaseBefore,
    uint OidBefore,
    uint OidAfter,
    HeldFigures Held
)
{
    /// <summary>Another database: it went out. The same: it went back if its customers ever waited, else nobody touched it.</summary>
    public string Outcome =>
        OidBefore != OidAfter ? "completed"
        : Held.Requests > 0 ? "rolled_back"
        : "untouched";

    public TenantReport Report(string release) =>
        new(
            Tenant,
            Pool,
            Outcome,
            Math.Round(Held.Longest.TotalSeconds, 2),
            OidBefore != OidAfter ? release : ReleaseBefore
        );
}
