using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Where a running generation listens, on 127.0.0.1.</summary>
/// <param name="Http">Web workers.</param>
/// <param name="Evented">Websockets and long polling.</param>
public sealed record GenerationPorts(int Http, int Evented);

/// <summary>Where generations listen.</summary>
public interface IGenerationPorts
{
    /// <summary>Null when the generation's web server does not run.</summary>
    Task<GenerationPorts?> FindAsync(PoolName pool, ReleaseDigest digest, CancellationToken cancellationToken);
}
