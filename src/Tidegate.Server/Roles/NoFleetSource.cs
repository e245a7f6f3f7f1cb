using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Server.Roles;

/// <summary>Of a server whose drivers know no repositories: none ever answers.</summary>
internal sealed class NoFleetSource : IFleetSource
{
    private const string Why = "this server has no driver for repositories.";

    public Task<FetchResult> FetchAsync(SourceAddress source, CancellationToken cancellationToken) =>
        Task.FromResult<FetchResult>(new FetchResult.Unreachable(Why));

    public Task<SourceHistory> HistoryAsync(
        SourceAddress source,
        CommitId? from,
        CommitId to,
        int most,
        CancellationToken cancellationToken
    ) => throw new IOException(Why);

    public Task<IFleetFiles> FilesAsync(SourceAddress source, CommitId commit, CancellationToken cancellationToken) =>
        throw new IOException(Why);
}
