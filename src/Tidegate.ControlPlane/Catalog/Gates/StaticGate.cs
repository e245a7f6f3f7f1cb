using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>Judges a release by itself and by the one before it. Pure: the same facts give the same findings.</summary>
/// <param name="Name">What it looks at.</param>
public sealed record StaticGate(
    string Name,
    ImmutableArray<GateRule> Rules,
    Func<GateInput, IEnumerable<Finding>> Judge
)
{
    /// <summary>Without a release before it has nothing to judge, and says nothing.</summary>
    public bool NeedsBefore { get; init; }
}

/// <summary>What a gate gets.</summary>
/// <param name="Before">The release that is replaced; null when none was given, and what takes two is then not judged.</param>
/// <param name="Offer">Whose pools the release is for; null when that is not asked.</param>
public sealed record GateInput(ReleaseFacts Release, ReleaseFacts? Before, ModuleOffer? Offer = null)
{
    /// <summary>Models and fields of the release, worked out once for all gates.</summary>
    public ModelCatalogue Models { get; } = new(Release);

    /// <summary>The same of the release before it.</summary>
    public ModelCatalogue? ModelsBefore { get; } = Before is null ? null : new(Before);

    /// <summary>What comes with each module.</summary>
    public ModuleClosures Closures { get; } = new(Release);

    /// <summary>External ids of the release.</summary>
    public ExternalIds Ids => field ??= new(Release, Models);

    /// <summary>The module as the release before has it, or null.</summary>
    public ModuleView? Earlier(ModuleView module) => Before?.Modules.GetValueOrDefault(module.Name);
}

/// <summary>Whom a release is offered to.</summary>
/// <param name="PoolOwner">Who owns the pools.</param>
/// <param name="Owners">Who owns each proprietary addon.</param>
public sealed record ModuleOffer(string PoolOwner, ImmutableDictionary<string, string> Owners);
