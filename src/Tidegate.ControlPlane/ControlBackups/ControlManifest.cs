using System.Collections.Immutable;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;

namespace Tidegate.ControlPlane.ControlBackups;

/// <summary>Everything that a control plane remembers: its database, the documents of its releases, the repositories that it follows. Stored last: without one there is no backup.</summary>
/// <param name="Schema">The form of this document.</param>
/// <param name="Id">Sorts by time.</param>
/// <param name="KeyId">Names the key that the objects are encrypted with; null when they are not.</param>
/// <param name="Server">PostgreSQL's version.</param>
/// <param name="Tables">What each table held: what a restored one has to hold.</param>
/// <param name="Documents">Manifests and reports of releases, by their key in the home's own object store.</param>
/// <param name="Repositories">Bundles of the followed repositories' copies, by the copy's name.</param>
public sealed record ControlManifest(
    int Schema,
    string Id,
    DateTimeOffset TakenAt,
    string? KeyId,
    string Server,
    ManifestObject Dump,
    ImmutableArray<TableFingerprint> Tables,
    ImmutableArray<NamedObject> Documents,
    ImmutableArray<NamedObject> Repositories
)
{
    /// <summary>The form that this version writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Where all control backups lie.</summary>
    public const string Prefix = "control-backups/";

    public const string Manifests = $"{Prefix}manifests/";

    public static ObjectKey KeyOf(string id) => ObjectKey.Create($"{Manifests}{id}.json");

    /// <exception cref="InvalidDataException">The content is no manifest that this version reads.</exception>
    public static ControlManifest Parse(string content)
    {
        try
        {
            var read = StoredJson.Read<ControlManifest>(content);
            return read.Schema == CurrentSchema
                ? read
                : throw new InvalidDataException(
                    $"the manifest has form {read.Schema}, this version reads {CurrentSchema}; restore it with the version that took it"
                );
        }
        catch (System.Text.Json.JsonException wrong)
        {
            throw new InvalidDataException($"the manifest is no manifest: {wrong.Message}", wrong);
        }
    }
}

/// <param name="Name">What it is called where it came from.</param>
public sealed record NamedObject(string Name, ManifestObject Object);
