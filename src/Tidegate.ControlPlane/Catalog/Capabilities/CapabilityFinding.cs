namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>Something of a release that is not as its series is known to be.</summary>
/// <param name="Code">Stable, for programs: <c>route-missing</c>.</param>
/// <param name="Subject">What it is about: a route, an option, a package.</param>
/// <param name="Matters">Whether rollouts rest on it; otherwise it is worth knowing.</param>
public sealed record CapabilityFinding(
    string Code,
    string Subject,
    string Expected,
    string Found,
    string Why,
    bool Matters = true
)
{
    public string Sentence => $"{Subject}: expected {Expected}, found {Found}. {Why}";
}
