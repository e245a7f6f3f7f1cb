using System.Security.Cryptography;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>The key that checkpoints are signed with (ECDSA, P-256), or its public half, which is all that a check needs.</summary>
public sealed class LedgerKey : IDisposable
{
    private const int IdLength = 16;
    private readonly ECDsa _key;

    private LedgerKey(ECDsa key)
    {
        _key = key;
        PublicPem = key.ExportSubjectPublicKeyInfoPem();
        Id = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..IdLength];
    }

    /// <summary>The first digits of the SHA-256 of the public key.</summary>
    public string Id { get; }

    public string PublicPem { get; }

    public static LedgerKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <param name="pem">A private key, or a public one.</param>
    /// <exception cref="FormatException">It is no such key.</exception>
    public static LedgerKey Read(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize == 256 ? new(key) : throw new FormatException("it is a key of another size than P-256");
        }
        catch (Exception refused) when (refused is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new FormatException("it is no key of ECDSA in PEM", refused);
        }
    }

    /// <summary>As <see cref="Read"/> takes it. Secret.</summary>
    public string PrivatePem() => _key.ExportPkcs8PrivateKeyPem();

    public LedgerCheckpoint Sign(long size, byte[] root, DateTimeOffset at)
    {
        var second = DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
        var text = Convert.ToHexStringLower(root);
        return new(size, text, second, Id, Sign(LedgerCheckpoint.Signed(size, text, second)));
    }

    /// <summary>In base64.</summary>
    public string Sign(byte[] text) => Convert.ToBase64String(_key.SignData(text, HashAlgorithmName.SHA256));

    /// <summary>Whether it was signed with this key, and says so; another spelling of the same signature is none.</summary>
    public bool Signed(LedgerCheckpoint checkpoint) =>
        checkpoint.Key == Id
        && Signed(LedgerCheckpoint.Signed(checkpoint.Size, checkpoint.Root, checkpoint.At), checkpoint.Signature);

    /// <summary>The same of what a retention run announced.</summary>
    public bool Signed(LedgerDrop drop) => drop.Key == Id && Signed(drop.Signed(), drop.Signature);

    private bool Signed(byte[] text, string signed)
    {
        var signature = new byte[signed.Length];
        return Convert.TryFromBase64String(signed, signature, out var length)
            && Convert.ToBase64String(signature.AsSpan(0, length)) == signed
            && _key.VerifyData(text, signature.AsSpan(0, length), HashAlgorithmName.SHA256);
    }

    public void Dispose() => _key.Dispose();
}
