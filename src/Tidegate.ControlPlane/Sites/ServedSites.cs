using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Sites;

/// <summary>The sites that this server serves: it does their work and nobody else's.</summary>
/// <param name="Owner">Names this process in leases and the ledger.</param>
/// <param name="Lease">How long what it has claimed stays its own when it is not renewed, by the control database's clock.</param>
public sealed record ServedSites(ImmutableArray<SiteName> Names, string Owner, TimeSpan Lease)
{
    /// <summary>The names as text, for queries.</summary>
    public ImmutableArray<string> Values { get; } = [.. Names.Select(name => name.Value)];
}
