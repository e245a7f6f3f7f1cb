using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>Runs releases of this server's store in a sandbox, one at a time.</summary>
public interface IReleaseProbe
{
    /// <summary>Runs the release and says what it found. Whatever becomes of it, nothing is left running or lying about.</summary>
    Task<ProbeOutcome> RunAsync(ReleaseDigest digest, CancellationToken cancellationToken);
}

/// <summary>What came of running a release.</summary>
public abstract record ProbeOutcome
{
    private ProbeOutcome() { }

    public sealed record Made(CapabilityRecord Record) : ProbeOutcome;

    /// <summary>There is no record; one sentence says why.</summary>
    public sealed record Failed(string Reason) : ProbeOutcome;

    /// <summary>Another server of this machine uses the sandbox now.</summary>
    public sealed record Busy : ProbeOutcome;
}
