using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Parity;

/// <summary>Asks a site's server to look at its tenants of an environment.</summary>
public sealed record ReadParity(EnvironmentName Environment)
{
    public static readonly SiteRequestKind<ReadParity, ParityShare> Kind = new("read-parity");
}

/// <summary>Looks at the tenants of this server's site, some at once.</summary>
public sealed class ReadParityHandler(FleetStore fleet, IParityReader reader)
    : SiteRequestHandler<ReadParity, ParityShare>(ReadParity.Kind)
{
    /// <summary>Databases looked at at once.</summary>
    private const int AtOnce = 8;

    protected override async Task<ParityShare> AnswerAsync(
        ReadParity request,
        ClaimedRequest claimed,
        CancellationToken cancellationToken
    )
    {
        var profile = new ParityProfile();
        var members = await fleet.ListAsync(request.Environment, cancellationToken);
        await Parallel.ForEachAsync(
            members.Where(member => member.Pool.Site == claimed.Site),
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
        return profile.ToShare();
    }
}
