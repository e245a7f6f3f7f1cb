using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Policy;

/// <summary>What must be proven of the way back before production work begins. What is not said is not asked.</summary>
public sealed record ProtectionPolicy
{
    /// <summary>How old the newest backup of a tenant may be.</summary>
    public TimeSpan? Backup { get; init; }

    /// <summary>Whether the site's archive of the log must be whole, up to now.</summary>
    public bool Archive { get; init; }

    /// <summary>How long ago a restore of the tenant, or of one of its stratum, may have been proven.</summary>
    public TimeSpan? Restore { get; init; }

    /// <summary>How many times what is copied at once must be free on the site's disk.</summary>
    public double? Disk { get; init; }

    /// <summary>How old the data of a tenant's rehearsal may be.</summary>
    public TimeSpan? Rehearsal { get; init; }

    /// <summary>Whether it asks for nothing: the gate is not there.</summary>
    [JsonIgnore]
    public bool AsksNothing => this is { Backup: null, Archive: false, Restore: null, Disk: null, Rehearsal: null };
}
