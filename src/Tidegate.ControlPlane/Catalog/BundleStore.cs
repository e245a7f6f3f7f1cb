using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Catalog.Trees;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog;

/// <summary>The bundles and releases of one site, in a folder. Reading only; <see cref="BundleBuilder"/> adds to it.</summary>
/// <param name="folder">The store's folder; it need not be there yet.</param>
/// <param name="shared">
/// A folder that keeps file contents for several stores of this machine, hard-linked into the trees of each; null for
/// the store's own, which is also used when the two are on different file systems. Every store stays whole when it is
/// removed. Only who builds needs to name it.
/// </param>
public sealed class BundleStore(string folder, string? shared = null)
{
    private readonly BundlePaths paths = BundlePaths.Of(Path.GetFullPath(folder), Path.GetFullPath(shared ?? folder));
    private readonly ConcurrentDictionary<ReleaseDigest, BundleManifest> bundles = new();
    private readonly ConcurrentDictionary<string, string> checksums = new(StringComparer.Ordinal);

    /// <summary>The store's folder.</summary>
    public string Folder => paths.Store;

    internal BundlePaths Paths => paths;

    /// <summary>Where a bundle's tree lies; it is there when <see cref="Find(ReleaseDigest)"/> finds the bundle.</summary>
    public string TreeOf(ReleaseDigest digest) => paths.Tree(digest);

    /// <summary>Where a bundle's core and addons are; null when the bundle is not there.</summary>
    public ReleasePlace? PlaceOf(ReleaseDigest digest) =>
        Find(digest) is null ? null : ReleasePlace.OfBundle(TreeOf(digest));

    /// <summary>The bundle of that digest, or null.</summary>
    public BundleManifest? Find(ReleaseDigest digest)
    {
        if (bundles.TryGetValue(digest, out var known))
        {
            return known;
        }

        if (Read<BundleManifest>(paths.Manifest(digest)) is not { } found)
        {
            return null;
        }

        Know(found.Schema, BundleManifest.KnownSchemas, paths.Manifest(digest));

        // A bundle never changes once it is there; its absence may, and a manifest of an older schema is made anew by
        // the next build of the same.
        return found.IsCurrent ? bundles.GetOrAdd(digest, found) : found;
    }

    /// <summary>Every bundle that is there, whole: its manifest comes last.</summary>
    public ImmutableArray<ReleaseDigest> Digests() =>
        Directory.Exists(paths.Store)
            ?
            [
                .. Directory
                    .EnumerateDirectories(paths.Store)
                    .Select(folder => $"sha256:{Path.GetFileName(folder)}")
                    .Where(name => ReleaseDigest.TryParse(name, out _))
                    .Select(ReleaseDigest.Create)
                    .Where(digest => File.Exists(paths.Manifest(digest))),
            ]
            : [];

    /// <summary>The release of that name, or null.</summary>
    public ReleaseManifest? FindRelease(string name) =>
        ReleaseNameRules.Release(name) is null && Read<Registration>(paths.Release(name)) is { } registration
            ? Release(registration)
            : null;

    /// <summary>Every release, by name.</summary>
    public ImmutableArray<ReleaseManifest> List() =>
        Directory.Exists(paths.Releases)
            ?
            [
                .. Directory
                    .EnumerateFiles(paths.Releases, "*.json")
                    .Select(file => FindRelease(Path.GetFileNameWithoutExtension(file)))
                    .OfType<ReleaseManifest>()
                    .OrderBy(release => release.Name, StringComparer.Ordinal),
            ]
            : [];

    /// <summary>Checksums of a bundle's modules by a tenant's rule. Reads the modules' files once a rule and module.</summary>
    /// <param name="modules">Names; those that the bundle does not hold are left out.</param>
    public ImmutableDictionary<string, string> Checksums(
        BundleManifest bundle,
        IEnumerable<string> modules,
        ChecksumRule rule
    ) =>
        modules
            .Select(bundle.Find)
            .OfType<ReleaseModule>()
            .ToImmutableDictionary(
                module => module.Name,
                module =>
                    checksums.GetOrAdd(
                        $"{bundle.Digest.Hex}/{module.Name}/{rule.Key}",
                        _ => ModuleChecksum.Of(Path.Join(TreeOf(bundle.Digest), module.Path), rule)
                    ),
                StringComparer.Ordinal
            );

    private ReleaseManifest? Release(Registration registration)
    {
        Know(registration.Schema, ReleaseManifest.KnownSchemas, paths.Release(registration.Name));
        return Find(registration.Digest) is { } bundle
            ? new(registration.Schema, registration.Name, registration.Notes, bundle)
            {
                Risk = registration.Risk,
                Source = registration.Source,
                Python = registration.Python,
            }
            : null;
    }

    private static void Know(string schema, ImmutableArray<string> known, string file)
    {
        if (!known.Contains(schema, StringComparer.Ordinal))
        {
            throw new UnknownSchemaException(file, schema);
        }
    }

    private static T? Read<T>(string file)
        where T : class =>
        File.Exists(file) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), CatalogJson.Options) : null;
}

/// <summary>A file of the store was written by a newer Tidegate; the operator sees which.</summary>
internal sealed class UnknownSchemaException(string file, string schema)
    : IOException($"{file} has schema {schema}, which this version of Tidegate cannot read: update it.");
