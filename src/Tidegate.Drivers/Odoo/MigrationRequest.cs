using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Odoo;

/// <summary>One migration of one copy.</summary>
/// <param name="Id">Names the job. The same id never migrates twice: it attaches to the running job, or answers with its result.</param>
/// <param name="Database">The copy, never a tenant's live database.</param>
/// <param name="Modules">Installed modules to update; at least one.</param>
/// <param name="Epoch">The fencing number under which the job's sessions run.</param>
/// <param name="Files">Where the job's log and result go.</param>
public sealed record MigrationRequest(
    string Id,
    TenantName Tenant,
    string Database,
    ImmutableArray<string> Modules,
    long Epoch,
    JobFiles Files
);
