using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>SHA-256 of a file's content.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ContentHash
{
    private readonly UInt128 high;
    private readonly UInt128 low;

    public ContentHash(ReadOnlySpan<byte> hash)
    {
        high = BinaryPrimitives.ReadUInt128BigEndian(hash);
        low = BinaryPrimitives.ReadUInt128BigEndian(hash[16..]);
    }

    public string Hex => Convert.ToHexStringLower(ToArray());

    /// <summary>
    /// The modification time that a file with this content gets, the same everywhere: a second between 2000 and 2017.
    /// </summary>
    /// <remarks>
    /// Odoo names an asset bundle by the addresses and modification times of its files, not by their content. With one
    /// fixed time for all, changed JavaScript would keep its old address and browsers their old copy; with the times of
    /// the build, equal releases would delete each other's bundles.
    /// </remarks>
    public DateTime ModificationTime =>
        new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds((long)(high >> 99));

    /// <summary>The same, since 1970.</summary>
    public long ModificationTimeInNanoseconds =>
        new DateTimeOffset(ModificationTime).ToUnixTimeSeconds() * 1_000_000_000;

    public static ContentHash OfFile(string path)
    {
        using var file = File.OpenHandle(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            FileOptions.SequentialScan
        );
        return Of(file, copy: null);
    }

    /// <summary>Copies a file and says what was copied.</summary>
    public static ContentHash OfCopy(string path, string copy)
    {
        using var file = File.OpenHandle(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            FileOptions.SequentialScan
        );
        using var target = File.OpenHandle(copy, FileMode.CreateNew, FileAccess.Write);
        return Of(file, target);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), low);
        return bytes;
    }

    private static ContentHash Of(SafeFileHandle file, SafeFileHandle? copy)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long offset = 0;
        for (int read; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
        {
            hash.AppendData(buffer, 0, read);
            if (copy is not null)
            {
                RandomAccess.Write(copy, buffer.AsSpan(0, read), offset);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        Span<byte> result = stackalloc byte[32];
        hash.GetHashAndReset(result);
        return new(result);
    }
}
