using System.Collections.Concurrent;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Parity;

/// <summary>Has two environments read, each site by its own server, and compares them. What was read of one is good for some minutes: gates ask again and again.</summary>
public sealed class ParityDesk(FleetStore fleet, SiteRequests requests, TimeProvider clock)
{
    private const string Actor = "gate/parity";

    private static readonly TimeSpan ReadBound = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Good = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<EnvironmentName, (DateTimeOffset At, Task<ParityProfile> Profile)> _read = [];

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

    /// <summary>Whoever asks while somebody reads waits for that; it is bounded, and goes on when one of them leaves.</summary>
    private async Task<ParityProfile> ProfileAsync(
        EnvironmentName environment,
        bool maybeRead,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        if (
            !maybeRead
            || !_read.TryGetValue(environment, out var read)
            || read.Profile is { IsFaulted: true } or { IsCanceled: true }
            || now - read.At >= Good
        )
        {
            _read[environment] = read = (now, ReadAsync(environment, CancellationToken.None));
        }

        return await read.Profile.WaitAsync(cancellationToken);
    }

    private async Task<ParityProfile> ReadAsync(EnvironmentName environment, CancellationToken cancellationToken)
    {
        var members = await fleet.ListAsync(environment, cancellationToken);
        var shares = await Task.WhenAll(
            members
                .CountBy(member => member.Pool.Site)
                .Select(site => ShareAsync(environment, site.Key, site.Value, cancellationToken))
        );
        var profile = new ParityProfile();
        foreach (var share in shares)
        {
            profile.Add(share);
        }

        return profile;
    }

    private async Task<ParityShare> ShareAsync(
        EnvironmentName environment,
        SiteName site,
        int tenants,
        CancellationToken cancellationToken
    ) =>
        await requests.AskAsync(ReadParity.Kind, new(site, new(environment), Actor), ReadBound, cancellationToken)
            is SiteAnswer<ParityShare>.Given { Answer: var share }
            ? share
            : ParityShare.Unanswered(tenants);
}
