using Tidegate.Cli.Client;
using Tidegate.Cli.Releases;
using Tidegate.Contracts.Promotion;
using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using EnvironmentName = Tidegate.ControlPlane.Fleet.EnvironmentName;

namespace Tidegate.Server.Commands;

/// <summary>A release as the control plane knows it, in a fleet's words, and what its gates say.</summary>
internal sealed record PromotedRelease(DesiredRelease Release, PromotionAnswer Answer)
{
    /// <exception cref="ProblemException">There is no such release, or the control plane does not answer.</exception>
    public static async Task<PromotedRelease> FindAsync(
        ControlPlaneClient client,
        ReleaseName name,
        EnvironmentName environment,
        CancellationToken cancellationToken
    )
    {
        var answer = await client.GetAsync<PromotionAnswer>(
            $"/api/environments/{Uri.EscapeDataString(environment.Value)}/promotion/{Uri.EscapeDataString(name.Value)}",
            cancellationToken
        );
        var details = await client.GetAsync<ReleaseDetails>(ReleaseText.Path(name.Value), cancellationToken);
        return new PromotedRelease(Desired(name, details.Release), answer);
    }

    private static DesiredRelease Desired(ReleaseName name, ReleaseView release) =>
        new(name, ReleaseDigest.Create(release.Digest))
        {
            Commit = release.Commit,
            Notes = new()
            {
                Summary = release.Summary.Length > 0 ? release.Summary : null,
                PriceChanges = [.. release.DeclaredPriceChanges],
                BehaviourChanges = [.. release.DeclaredBehaviourChanges],
                Drops = [.. release.DeclaredDrops],
            },
            Risk = release.Risk switch
            {
                "low" => ReleaseRisk.Low,
                "high" => ReleaseRisk.High,
                _ => ReleaseRisk.Normal,
            },
        };
}
