using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.TenantBackups;

/// <summary>
/// Everything of one tenant at one instant: names each object with its checksum, so that the tenant can be restored
/// alone, also without the control plane that took it. Stored last: without one there is no backup.
/// </summary>
/// <param name="Schema">The form of this document.</param>
/// <param name="TakenAt">When the snapshot was opened, by the control plane's clock.</param>
/// <param name="KeyId">Names the key that the objects are encrypted with; null when they are not.</param>
public sealed record TenantManifest(
    int Schema,
    TenantBackupId Id,
    TenantName Tenant,
    SiteName Site,
    BackupClass Kept,
    DateTimeOffset? KeepUntil,
    DateTimeOffset TakenAt,
    string? KeyId,
    ManifestDatabase Database,
    ManifestRelease Release,
    ManifestConfiguration Configuration,
    ManifestObject Dump,
    ImmutableArray<ManifestFile> Files,
    ImmutableArray<SourceFault> Faults
)
{
    /// <summary>The form that this version writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Everything that it needs in the object store, itself left out.</summary>
    public IEnumerable<string> Objects() => Files.Select(file => file.Key).Prepend(Dump.Key);

    /// <summary>Bytes of all files, before encryption.</summary>
    public long FileBytes() => Files.Sum(file => file.Size);

    public byte[] ToBytes() => System.Text.Encoding.UTF8.GetBytes(StoredJson.Write(this));

    /// <exception cref="InvalidDataException">The content is no manifest that this version reads.</exception>
    public static TenantManifest Parse(ReadOnlySpan<byte> content)
    {
        try
        {
            var read = StoredJson.Read<TenantManifest>(System.Text.Encoding.UTF8.GetString(content));
            return read.Schema == CurrentSchema
                ? read
                : throw new InvalidDataException(
                    $"the manifest has form {read.Schema}, this version reads {CurrentSchema}; restore it with the version that took it."
                );
        }
        catch (System.Text.Json.JsonException wrong)
        {
            throw new InvalidDataException($"the manifest is no manifest: {wrong.Message}", wrong);
        }
    }
}

/// <summary>The database inside the snapshot.</summary>
/// <param name="Name">Its name in the site's cluster.</param>
/// <param name="Oid">Its identity in the cluster.</param>
/// <param name="Lsn">Where the cluster's log was when the snapshot was opened.</param>
/// <param name="Bytes">Its size on disk.</param>
/// <param name="Server">PostgreSQL's version.</param>
/// <param name="Tables">What each table held: what a restored one has to hold.</param>
/// <param name="Sequences">The number each sequence had given out last; a restored one may be further, never behind.</param>
/// <param name="Traits">What belongs to the database's entry: settings, limits, rights.</param>
public sealed record ManifestDatabase(
    string Name,
    long Oid,
    string Lsn,
    long Bytes,
    string Server,
    ImmutableArray<TableFingerprint> Tables,
    ImmutableArray<SequenceMark> Sequences,
    ImmutableArray<string> Traits
);

/// <param name="Hash">The sum of a hash of each row, so that the order of rows does not matter.</param>
public sealed record TableFingerprint(string Table, long Rows, string Hash);

/// <param name="Last">The last number given out; null before the first.</param>
public sealed record SequenceMark(string Sequence, long? Last);

/// <summary>What served the tenant.</summary>
public sealed record ManifestRelease(string Name, string Digest, string Bridge);

/// <summary>How the tenant is served: the fleet's entries. Secrets are named, never told.</summary>
public sealed record ManifestConfiguration(Pool Pool, Tenant Tenant);

/// <param name="Size">Bytes before encryption.</param>
/// <param name="Sha256">Of the content before encryption, in hexadecimal digits.</param>
public sealed record ManifestObject(string Key, long Size, string Sha256);

/// <summary>One file of the filestore.</summary>
/// <param name="Name">As <c>ir_attachment.store_fname</c> has it: its last part is the SHA-1 of the content.</param>
public sealed record ManifestFile(string Name, string Key, long Size);

/// <summary>What the source itself lacks: a backup of it is kept, and never called good.</summary>
/// <param name="Name">The file, as <c>store_fname</c> has it.</param>
/// <param name="What"><c>is missing</c>, <c>has another content than its name says</c>.</param>
public sealed record SourceFault(string Name, string What);
