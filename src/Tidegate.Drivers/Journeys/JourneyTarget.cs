using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Drivers.Journeys;

/// <summary>Where and as whom journeys are made.</summary>
/// <param name="Release">The release that serves the tenant's database now.</param>
/// <param name="Ports">Where its generation listens, on 127.0.0.1.</param>
/// <param name="Password">Never logged, never part of a result.</param>
/// <param name="PublicUrl">
/// How the tenant knows itself. Requests claim to come through it: Odoo writes the address by which an administrator
/// logs in to <c>web.base.url</c>, and that must not change.
/// </param>
internal sealed record JourneyTarget(
    StepContext Context,
    ReleaseRef Release,
    GenerationPorts Ports,
    string Password,
    Uri PublicUrl
)
{
    public UpgradeTarget Tenant => Context.Target;

    public string Login => Context.Target.Profile.JourneyLogin;

    /// <summary>What the password is replaced by wherever a record is printed.</summary>
    public override string ToString() => $"{Tenant.Tenant} on {Release.Name}";

    public bool MayWrite(string journey) =>
        Context.Target.Profile.WritingJourneys.Contains(journey, StringComparer.Ordinal);
}
