using System.Collections.Concurrent;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Parity;

/// <summary>Reads two environments and compares them. What was read of one is good for some minutes: gates ask again and again.</summary>
public sealed class ParityDesk(FleetStore fleet, IParityReader reader, TimeProvider clock)
{
    /// <summary>Databases looked at at once.</summary>
    private const int AtOnce = 8;

    private static readonly TimeSpan Good = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<EnvironmentName, (DateTimeOffset At, ParityProfile Profile)> _read = [];

    /// <param name="maybeRead">Whether what was read some minutes ago will do.</param>
    public async Task<ParityComparison> CompareAsync(
        EnvironmentName upstream,
        EnvironmentName downstream,
        bool maybeRead,
        CancellationToken cancellationToken
    ) =>
        ParityComparison.Compare(
            (upstream, await ProfileAsync(upstream, maybeRead, cancellationToken)),
            (downstream, await ProfileAsync(downstream, maybeRead, cancellationToken)),
            clock.GetUtcNow()
        );

    /// <summary>Those of the names that no pool has.</summary>
    public async Task<IReadOnlyList<EnvironmentName>> UnknownAsync(
        IReadOnlyCollection<EnvironmentName> names,
        CancellationToken cancellationToken
    )
    {
        var known = (await fleet.PoolsAsync(cancellationToken)).Select(pool => pool.Environment).ToHashSet();
        return [.. names.Where(name => !known.Contains(name))];
    }

    private async Task<ParityProfile> ProfileAsync(
        EnvironmentName environment,
        bool maybeRead,
        CancellationToken cancellationToken
    )
    {
        if (maybeRead && _read.TryGetValue(environment, out var read) && clock.GetUtcNow() - read.At < Good)
        {
            return read.Profile;
        }

        var profile = new ParityProfile();
        var at = clock.GetUtcNow();
        await Parallel.ForEachAsync(
            await fleet.ListAsync(environment, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (member, token) =>
            {
                var tenant = await reader.ReadAsync(member, token);
                lock (profile)
                {
                    profile.Add(tenant);
                }
            }
        );
        _read[environment] = (at, profile);
        return profile;
    }
}
