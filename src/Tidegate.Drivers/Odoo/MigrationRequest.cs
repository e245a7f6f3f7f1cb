using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Odoo;

/// <summary>One migration of one copy.</summary>
/// <param name="Id">Names the job. The same id never migrates twice: it attaches to the running job, or answers with its result.</param>
/// <param name="Database">The copy, never a tenant's live database.</param>
/// <param name="Modules">Installed modules to update; at least one.</param>
/// <param name="LogPath">Where Odoo's log goes, whole.</param>
/// <param name="ResultPath">Where the result is written, atomically, when the job has ended.</param>
/// <param name="Epoch">The fencing number under which the job's sessions run.</param>
public sealed record MigrationRequest(
    string Id,
    TenantName Tenant,
    string Database,
    ImmutableArray<string> Modules,
    string LogPath,
    string ResultPath,
    long Epoch
)
{
    /// <summary>What the job's sessions call themselves in PostgreSQL, so that a successor finds and ends them.</summary>
    public string ApplicationName => $"tidegate:{Tenant}:{Epoch}";
}
