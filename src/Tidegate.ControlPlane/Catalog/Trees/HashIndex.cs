using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>Remembers the content hash of files that have not been touched since, so that a core is read once and not for every release.</summary>
/// <remarks>
/// A file that changed within the file system's clock tick after it was read could keep its identity; a file is
/// therefore remembered only when it had rested before it was read. A damaged index is an empty one.
/// </remarks>
internal sealed class HashIndex
{
    private const int RecordBytes = (5 * sizeof(long)) + SHA256.HashSizeInBytes;
    private const long NanosecondsPerTick = 100;
    private const int MostRecords = 1_000_000;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<FileIdentity, ContentHash> hashes = new();
    private readonly TimeProvider clock;
    private bool hasNews;

    private HashIndex(TimeProvider clock) => this.clock = clock;

    public static HashIndex Load(string file, TimeProvider clock)
    {
        var index = new HashIndex(clock);
        if (File.Exists(file))
        {
            index.Read(File.ReadAllBytes(file));
        }

        return index;
    }

    public ContentHash Of(TreeEntry.File file)
    {
        if (hashes.TryGetValue(file.Identity, out var known))
        {
            return known;
        }

        var readAt = clock.GetUtcNow();
        var hash = ContentHash.OfFile(file.Source);
        var restedSince = DateTimeOffset.UnixEpoch.AddTicks(file.Identity.Changed / NanosecondsPerTick);
        if (readAt - restedSince > Rest && Posix.Status(file.Source).Identity == file.Identity)
        {
            hashes[file.Identity] = hash;
            hasNews = true;
        }

        return hash;
    }

    public void Save(string file)
    {
        if (!hasNews)
        {
            return;
        }

        var bytes = new byte[(Math.Min(hashes.Count, MostRecords) * RecordBytes) + SHA256.HashSizeInBytes];
        var rest = bytes.AsSpan();
        foreach (var (identity, hash) in hashes.Take(MostRecords))
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, identity.Device);
            BinaryPrimitives.WriteInt64LittleEndian(rest[8..], identity.Inode);
            BinaryPrimitives.WriteInt64LittleEndian(rest[16..], identity.Size);
            BinaryPrimitives.WriteInt64LittleEndian(rest[24..], identity.Modified);
            BinaryPrimitives.WriteInt64LittleEndian(rest[32..], identity.Changed);
            hash.ToArray().CopyTo(rest[40..]);
            rest = rest[RecordBytes..];
        }

        SHA256.HashData(bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes), rest);
        AtomicFile.Replace(file, bytes);
    }

    private void Read(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.Length - SHA256.HashSizeInBytes;
        if (
            length < 0
            || length % RecordBytes != 0
            || !SHA256.HashData(bytes[..length]).AsSpan().SequenceEqual(bytes[length..])
        )
        {
            return;
        }

        for (var rest = bytes[..length]; rest.Length > 0; rest = rest[RecordBytes..])
        {
            var identity = new FileIdentity(
                BinaryPrimitives.ReadInt64LittleEndian(rest),
                BinaryPrimitives.ReadInt64LittleEndian(rest[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(rest[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(rest[24..]),
                BinaryPrimitives.ReadInt64LittleEndian(rest[32..])
            );
            hashes[identity] = new ContentHash(rest[40..RecordBytes]);
        }
    }
}
