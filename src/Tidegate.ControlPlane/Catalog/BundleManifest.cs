using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>What is in a bundle. Follows from the tree alone, so every build of one digest has the same manifest.</summary>
/// <param name="Schema"><c>tidegate.bundle/2</c>; <c>/1</c> did not record licences, migration scripts and Python of modules.</param>
/// <param name="Files">How many files the tree holds.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Modules">By name, in code point order.</param>
/// <param name="External">Links into the system's asset folders: path in the tree and target. Their content is not part of the digest.</param>
public sealed record BundleManifest(
    string Schema,
    ReleaseDigest Digest,
    OdooCore Odoo,
    int Files,
    long Bytes,
    ImmutableArray<ReleaseModule> Modules,
    ImmutableSortedDictionary<string, string> External
)
{
    public const string CurrentSchema = "tidegate.bundle/2";

    internal static readonly ImmutableArray<string> KnownSchemas = ["tidegate.bundle/1", CurrentSchema];

    /// <summary>Everything that this version of Tidegate records is there.</summary>
    [JsonIgnore]
    public bool IsCurrent => Schema == CurrentSchema;

    /// <summary>The module of that name, or null.</summary>
    public ReleaseModule? Find(string module) =>
        Modules.FirstOrDefault(candidate => string.Equals(candidate.Name, module, StringComparison.Ordinal));
}
