using System.Security.Cryptography;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>Objects of backups: encrypted on the way in where there is a key, and on the way out proven to be what went in.</summary>
/// <param name="secret">Null for objects that are not encrypted.</param>
internal sealed class BackupVault(IObjectStore objects, BackupSecret? secret)
{
    public string? KeyId => secret?.Id;

    /// <summary>What a content is called: its SHA-256, under the key where there is one.</summary>
    public string AddressOf(ReadOnlySpan<byte> sha256) =>
        Convert.ToHexStringLower(secret is null ? sha256 : HMACSHA256.HashData(secret.AddressKey, sha256));

    /// <summary>Stores a content and says what it was. Whatever reading it throws leaves nothing behind.</summary>
    /// <param name="onRead">Told each number of bytes.</param>
    /// <exception cref="IOException">There is an object of this key already.</exception>
    public async Task<ManifestObject> PutNewAsync(
        ObjectKey key,
        Stream content,
        Action<int>? onRead,
        CancellationToken cancellationToken
    )
    {
        await using var counted = new CountingStream(content, onRead);
        await using Stream written = secret is null ? counted : new SealingStream(counted, secret.Key);
        return await objects.PutAsync(key, written, cancellationToken)
            ? new(key.Value, counted.Bytes, counted.Sha256)
            : throw new IOException($"object {key} is there already.");
    }

    /// <summary>Stores a content that its key names. False when it is there already.</summary>
    public async Task<bool> PutAsync(ObjectKey key, Stream content, CancellationToken cancellationToken)
    {
        await using var sealing = secret is null ? null : new SealingStream(content, secret.Key);
        return await objects.PutAsync(key, sealing ?? content, cancellationToken);
    }

    public Task<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken) =>
        objects.ExistsAsync(key, cancellationToken);

    /// <summary>The content as it went in; null when there is no such object. What was changed meanwhile makes reading throw <see cref="InvalidDataException"/> where it is encrypted.</summary>
    public async Task<Stream?> OpenAsync(ObjectKey key, CancellationToken cancellationToken) =>
        await objects.GetAsync(key, cancellationToken) is not { } content ? null
        : secret is null ? content
        : new OpeningStream(content, secret.Key);
}
