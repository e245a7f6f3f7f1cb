using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;

namespace Tidegate.ControlPlane.Following;

/// <summary>What commits say, as this server read them: the state in force and the commit that was looked at last stay in memory, so that a round costs what changed.</summary>
/// <remarks>For one round at a time.</remarks>
public sealed class FollowedFleets(IFleetSource repository)
{
    private readonly DocumentCache _cache = new();
    private Known? _good;
    private Known? _latest;

    /// <exception cref="IOException">The commit is not here.</exception>
    public async Task<FleetReading> ReadAsync(
        SourceAddress source,
        CommitId commit,
        CancellationToken cancellationToken
    )
    {
        if (Find(source, commit) is { } known)
        {
            return known;
        }

        var files = await repository.FilesAsync(source, commit, cancellationToken);
        var reading = FleetReader.Read(files, _cache, cancellationToken);
        _latest = new(source, commit, reading);
        return reading;
    }

    /// <summary>The state in force; null where the commit's files are not here.</summary>
    public async Task<FleetReading?> GoodAsync(
        SourceAddress source,
        CommitId commit,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var reading = await ReadAsync(source, commit, cancellationToken);
            _good = new(source, commit, reading);
            return reading;
        }
        catch (IOException)
        {
            return null; // a repository that was cloned anew since, and has not got it any more
        }
    }

    private FleetReading? Find(SourceAddress source, CommitId commit) =>
        new[] { _good, _latest }.FirstOrDefault(known => known?.Source == source && known.Commit == commit)?.Reading;

    private sealed record Known(SourceAddress Source, CommitId Commit, FleetReading Reading);
}
