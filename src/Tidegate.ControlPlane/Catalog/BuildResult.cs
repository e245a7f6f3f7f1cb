using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>What a build came to.</summary>
public abstract record BuildResult
{
    private BuildResult() { }

    /// <summary>The release is in the store.</summary>
    /// <param name="WasThere">The same bundle was in the store before; nothing was copied.</param>
    public sealed record Built(ReleaseManifest Release, bool WasThere) : BuildResult;

    /// <summary>Nothing was built and nothing is left of the attempt.</summary>
    /// <param name="Reasons">At least one.</param>
    public sealed record Refused(ImmutableArray<Refusal> Reasons) : BuildResult;
}

/// <summary>What to make a release of.</summary>
/// <param name="Core">An unpacked package of Odoo, or a checkout. Taken as it is.</param>
/// <param name="Addons">Folders of modules; what is in them beside modules is left out.</param>
public sealed record BuildRequest(string Name, string Core, ImmutableArray<string> Addons, ReleaseNotes Notes)
{
    public ReleaseRisk Risk { get; init; } = ReleaseRisk.Normal;
}
