using System.Security.Cryptography;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>The key that a site's tenant backups are encrypted with: 32 random bytes in hexadecimal digits, in the home's folder <c>secrets</c>.</summary>
internal sealed class BackupSecret(byte[] key)
{
    /// <summary>The name of the file. Where there is none, backups are not encrypted.</summary>
    public const string Name = "backup-key";

    private const int KeyBytes = 32;

    /// <summary>Names the key without telling it.</summary>
    public string Id { get; } = Convert.ToHexStringLower(Derive(key, "tidegate key id"u8, 6));

    /// <summary>Encrypts objects.</summary>
    public byte[] Key { get; } = Derive(key, "tidegate objects"u8, KeyBytes);

    /// <summary>Makes addresses of contents, so that an object's name does not tell what is in it.</summary>
    public byte[] AddressKey { get; } = Derive(key, "tidegate addresses"u8, KeyBytes);

    /// <summary>The key for what is written now; null where there is none.</summary>
    /// <exception cref="JobFailedException">The file holds no key.</exception>
    public static BackupSecret? Current(SiteLayout layout) => Read(layout, Name);

    /// <summary>The key that something was encrypted with: the current one, or an older one in <c>backup-key-ID</c>.</summary>
    /// <exception cref="JobFailedException">It is not there.</exception>
    public static BackupSecret Find(SiteLayout layout, string id) =>
        Current(layout) is { } current && current.Id == id
            ? current
            : Read(layout, $"{Name}-{id}")
                ?? throw new JobFailedException(
                    $"it is encrypted with key {id}, which is not in {layout.Secrets}; put it there as {Name}, or as {Name}-{id} beside a newer one."
                );

    private static BackupSecret? Read(SiteLayout layout, string name)
    {
        if (AtomicFile.Read(Path.Join(layout.Secrets, name))?.Trim() is not { } text)
        {
            return null;
        }

        return text.Length == KeyBytes * 2 && text.All(char.IsAsciiHexDigit)
            ? new(Convert.FromHexString(text))
            : throw new JobFailedException(
                $"the secret {name} of this home is no key: it has to be {KeyBytes * 2} hexadecimal digits, as \"openssl rand -hex {KeyBytes}\" prints them."
            );
    }

    private static byte[] Derive(byte[] key, ReadOnlySpan<byte> purpose, int bytes)
    {
        var derived = new byte[bytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, [], purpose);
        return derived;
    }
}
