using System.Security.Cryptography;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>Gives on what it reads, and knows afterwards how much that was and what hash it has. Does not close what it reads from.</summary>
/// <param name="onRead">Told each number of bytes.</param>
internal sealed class CountingStream(Stream content, Action<int>? onRead = null) : PieceStream
{
    private const int PieceBytes = 80 << 10;

    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _piece = new byte[PieceBytes];

    public long Bytes { get; private set; }

    /// <summary>Of all that was read so far, in hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(_sha256.GetCurrentHash());

    protected override async ValueTask<byte[]?> NextAsync(CancellationToken cancellationToken)
    {
        var count = await content.ReadAsync(_piece, cancellationToken);
        if (count == 0)
        {
            return null;
        }

        _sha256.AppendData(_piece, 0, count);
        Bytes += count;
        onRead?.Invoke(count);
        return _piece[..count];
    }

    protected override void Dispose(bool disposing)
    {
        _sha256.Dispose();
        base.Dispose(disposing);
    }
}
