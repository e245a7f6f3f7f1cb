using System.Security.Cryptography;

namespace Tidegate.ControlPlane.Storage;

/// <summary>Documents in the object store by their content: <c>sha256/&lt;64 digits&gt;</c>. Storing the same twice stores it once; what comes back is what was stored, or an error.</summary>
public sealed class Artifacts(IObjectStore objects)
{
    private const int Largest = 256 << 20;

    /// <returns>The content's SHA-256, in hexadecimal digits.</returns>
    public async Task<string> PutAsync(byte[] content, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        using var stream = new MemoryStream(content, writable: false);
        await objects.PutAsync(KeyOf(hash), stream, cancellationToken);
        return hash;
    }

    /// <returns>Null when there is none of that hash.</returns>
    /// <exception cref="InvalidDataException">What is stored is not what was stored.</exception>
    public async Task<byte[]?> GetAsync(string hash, CancellationToken cancellationToken)
    {
        var key = KeyOf(hash);
        await using var stored = await objects.GetAsync(key, cancellationToken);
        if (stored is null)
        {
            return null;
        }

        using var content = new MemoryStream();
        var part = new byte[81920];
        while (await stored.ReadAsync(part, cancellationToken) is > 0 and var count)
        {
            content.Write(part, 0, count);
            if (content.Length > Largest)
            {
                throw new InvalidDataException($"object {key} has more than {Largest >> 20} MB.");
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length))) == hash
            ? content.ToArray()
            : throw new InvalidDataException(
                $"object {key} is damaged: its content has another hash. Restore it from a copy of the object store."
            );
    }

    private static ObjectKey KeyOf(string hash) => ObjectKey.Create($"sha256/{hash}");
}
