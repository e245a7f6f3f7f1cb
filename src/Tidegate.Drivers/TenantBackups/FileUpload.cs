using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;
using Tidegate.ControlPlane.TenantBackups;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>What of a tenant's files went into the store.</summary>
/// <param name="Faults">Files whose content is not what their name says. They are kept as they are.</param>
internal sealed record UploadedFiles(
    ImmutableArray<ManifestFile> Files,
    ImmutableArray<SourceFault> Faults,
    int NewFiles,
    long NewBytes
);

/// <summary>Brings a tenant's files into the object store, each content once: what an earlier backup of the tenant has stored is not sent again.</summary>
/// <param name="damaged">Objects that a verification found missing or changed: nothing counts on them again.</param>
internal sealed class FileUpload(
    BackupVault vault,
    SiteName site,
    TenantName tenant,
    ImmutableHashSet<string> damaged,
    Action<int> onRead
)
{
    /// <summary>Enough to hide a bucket's delay; on a folder two cores are busy with hashing.</summary>
    private const int AtOnce = 4;

    private readonly ConcurrentBag<ManifestFile> _files = [];
    private readonly ConcurrentBag<SourceFault> _faults = [];
    private int _newFiles;
    private long _newBytes;

    public async Task<UploadedFiles> RunAsync(IEnumerable<HeldFile> files, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (file, token) => await UploadAsync(file, token)
        );
        return new(
            [.. _files.OrderBy(file => file.Name, StringComparer.Ordinal)],
            [.. _faults.OrderBy(fault => fault.Name, StringComparer.Ordinal)],
            _newFiles,
            _newBytes
        );
    }

    private async Task UploadAsync(HeldFile file, CancellationToken cancellationToken)
    {
        var digest = await FileDigest.OfAsync(file.Path, onRead, cancellationToken);
        if (!digest.IsNamed(file.Name))
        {
            _faults.Add(new(file.Name, "has another content than its name says"));
        }

        var key = KeyOf(vault.AddressOf(digest.Sha256));
        if (!await vault.ExistsAsync(key, cancellationToken))
        {
            await using var content = File.OpenRead(file.Path);
            if (await vault.PutAsync(key, content, cancellationToken))
            {
                Interlocked.Increment(ref _newFiles);
                Interlocked.Add(ref _newBytes, digest.Size);
            }
        }

        _files.Add(new(file.Name, key.Value, digest.Size));
    }

    private ObjectKey KeyOf(string address)
    {
        for (var copy = 0; ; copy++)
        {
            var key = BackupKeys.File(site, tenant, address, copy);
            if (!damaged.Contains(key.Value))
            {
                return key;
            }
        }
    }
}

/// <summary>A content's hashes: the one Odoo names it by, and the one we do.</summary>
internal sealed record FileDigest(long Size, string Sha1, byte[] Sha256)
{
    private const int PieceBytes = 80 << 10;

    /// <summary>Whether Odoo would give this name to the content.</summary>
    public bool IsNamed(string storeName) => storeName.EndsWith($"/{Sha1}", StringComparison.Ordinal);

    public static async Task<FileDigest> OfAsync(string path, Action<int>? onRead, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(path);
        return await OfAsync(content, null, onRead, cancellationToken);
    }

    /// <param name="copy">Gets the content too; null for nobody.</param>
    public static async Task<FileDigest> OfAsync(
        Stream content,
        Stream? copy,
        Action<int>? onRead,
        CancellationToken cancellationToken
    )
    {
#pragma warning disable CA5350 // Odoo's name of a file, not a proof
        using var sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        var size = 0L;
        while (await content.ReadAsync(piece, cancellationToken) is > 0 and var count)
        {
            sha1.AppendData(piece, 0, count);
            sha256.AppendData(piece, 0, count);
            size += count;
            onRead?.Invoke(count);
            if (copy is not null)
            {
                await copy.WriteAsync(piece.AsMemory(0, count), cancellationToken);
            }
        }

        return new(size, Convert.ToHexStringLower(sha1.GetHashAndReset()), sha256.GetHashAndReset());
    }
}
