using System.Security.Cryptography;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>What is wrong with an object of a backup: <c>is missing</c>, <c>has another content</c>.</summary>
internal sealed class DamagedObjectException(string key, string what) : Exception($"object {key} {what}")
{
    public string Key => key;

    public string What => what;
}

/// <summary>Reads a backup's objects back, and lets through only what was stored.</summary>
internal sealed class TenantBackupReader(BackupVault vault, TenantManifest manifest)
{
    public TenantManifest Manifest => manifest;

    /// <summary>The manifest of a backup, with what opens its objects.</summary>
    /// <exception cref="DamagedObjectException">The manifest is missing, or not the one that was stored.</exception>
    /// <exception cref="JobFailedException">The key that it is encrypted with is not here.</exception>
    public static async Task<TenantBackupReader> OpenAsync(
        BackupPlaces places,
        TenantBackup backup,
        CancellationToken cancellationToken
    )
    {
        var read = await ReadManifestAsync(places, ObjectKey.Create(backup.Manifest), cancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(read)) == backup.ManifestSha256
            ? Of(places, TenantManifest.Parse(read))
            : throw new DamagedObjectException(backup.Manifest, "has another content than was stored");
    }

    /// <summary>The same by the store alone, as where the control plane is lost that knew of the backup.</summary>
    /// <inheritdoc cref="OpenAsync(BackupPlaces, TenantBackup, CancellationToken)" path="/exception" />
    public static async Task<TenantBackupReader> OpenAsync(
        BackupPlaces places,
        ObjectKey manifest,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return Of(places, TenantManifest.Parse(await ReadManifestAsync(places, manifest, cancellationToken)));
        }
        catch (InvalidDataException wrong)
        {
            throw new DamagedObjectException(manifest.Value, wrong.Message);
        }
    }

    private static async Task<byte[]> ReadManifestAsync(
        BackupPlaces places,
        ObjectKey manifest,
        CancellationToken cancellationToken
    )
    {
        await using var content =
            await places.Objects.GetAsync(manifest, cancellationToken)
            ?? throw new DamagedObjectException(manifest.Value, "is missing");
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    private static TenantBackupReader Of(BackupPlaces places, TenantManifest manifest)
    {
        var secret = manifest.KeyId is { } id ? BackupSecret.Find(places.Layout, id) : null;
        return new(new BackupVault(places.Objects, secret), manifest);
    }

    /// <summary>Writes the dump to a file.</summary>
    /// <exception cref="DamagedObjectException">It is not what was stored.</exception>
    public async Task CopyDumpAsync(string path, Action<int>? onRead, CancellationToken cancellationToken)
    {
        await using var file = Private(path);
        var digest = await ReadAsync(manifest.Dump.Key, file, onRead, cancellationToken);
        if (digest.Size != manifest.Dump.Size || Convert.ToHexStringLower(digest.Sha256) != manifest.Dump.Sha256)
        {
            throw new DamagedObjectException(manifest.Dump.Key, Difference(digest.Size, manifest.Dump.Size));
        }
    }

    /// <summary>Reads one file of the filestore.</summary>
    /// <param name="path">Where to write it to; null to read only.</param>
    /// <exception cref="DamagedObjectException">It is not what was stored.</exception>
    public async Task CopyFileAsync(
        ManifestFile file,
        string? path,
        Action<int>? onRead,
        CancellationToken cancellationToken
    )
    {
        await using var copy = path is null ? null : Private(path);
        var digest = await ReadAsync(file.Key, copy, onRead, cancellationToken);
        var address = vault.AddressOf(digest.Sha256);
        if (digest.Size != file.Size || !file.Key.Contains($"/{address}", StringComparison.Ordinal))
        {
            throw new DamagedObjectException(file.Key, Difference(digest.Size, file.Size));
        }
    }

    private async Task<FileDigest> ReadAsync(
        string key,
        Stream? copy,
        Action<int>? onRead,
        CancellationToken cancellationToken
    )
    {
        await using var content =
            await vault.OpenAsync(ObjectKey.Create(key), cancellationToken)
            ?? throw new DamagedObjectException(key, "is missing");
        try
        {
            return await FileDigest.OfAsync(content, copy, onRead, cancellationToken);
        }
        catch (InvalidDataException damaged)
        {
            throw new DamagedObjectException(key, damaged.Message);
        }
    }

    private static string Difference(long found, long stored) =>
        found == stored
            ? "has another content than was stored"
            : FormattableString.Invariant($"has {found} bytes instead of {stored}");

    private static FileStream Private(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
}
