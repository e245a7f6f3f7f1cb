using System.Globalization;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Emergencies;

/// <summary>What an emergency brought and tenants run, while git asks for another release: the next one from git would undo it.</summary>
/// <param name="Tenants">How many run it.</param>
/// <param name="Asked">The release that git asks for.</param>
/// <param name="Origin">The commit that asks, and its author.</param>
public sealed record UnaskedRelease(
    EnvironmentName Environment,
    EmergencyId Emergency,
    string Release,
    string By,
    DateTimeOffset At,
    int Tenants,
    string Asked,
    string Origin
)
{
    public const string Code = "release-not-in-git";

    /// <summary>What its author does.</summary>
    public string Next =>
        $"commit release: {Release} in environments/{Environment}.yaml, or the release that is to replace it";

    public Blocker Blocker() =>
        new(
            $"environment/{Environment}",
            Code,
            string.Create(
                CultureInfo.InvariantCulture,
                $"git asks for {Asked}, and {Tenants} of its tenants run {Release}, which emergency {Emergency} by {By} brought: the next release from git undoes it."
            ),
            At,
            Until: null,
            Clearing.Author,
            Next,
            Origin
        );
}
