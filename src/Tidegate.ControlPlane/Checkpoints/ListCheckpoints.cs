using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Checkpoints;

/// <summary>Asks a site's server what it keeps.</summary>
public sealed record ListCheckpoints
{
    public static readonly SiteRequestKind<ListCheckpoints, KeptCheckpoints> Kind = new("list-checkpoints");
}

/// <summary>What a site keeps, the oldest first.</summary>
public sealed record KeptCheckpoints(IReadOnlyList<KeptCheckpoint> Checkpoints);

/// <summary>Says what this server's site keeps.</summary>
public sealed class ListCheckpointsHandler(ISiteCheckpoints site)
    : SiteRequestHandler<ListCheckpoints, KeptCheckpoints>(ListCheckpoints.Kind)
{
    protected override async Task<KeptCheckpoints> AnswerAsync(
        ListCheckpoints request,
        ClaimedRequest claimed,
        CancellationToken cancellationToken
    ) => new(await site.ListAsync(cancellationToken));
}
