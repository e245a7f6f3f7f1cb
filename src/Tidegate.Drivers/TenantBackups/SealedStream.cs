using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>
/// The form of an encrypted object: a mark, a salt, then pieces of 64 KiB, each with AES-256-GCM under a key of this
/// object alone. A piece's nonce is its number and whether it is the last, so that one that was changed, moved, taken
/// out or cut off is refused (the construction is Hoang, Reyhanitabar, Rogaway and Vizár's STREAM).
/// </summary>
internal static class SealedForm
{
    public const int PieceBytes = 64 << 10;
    public const int SaltBytes = 32;

    public static ReadOnlySpan<byte> Mark => "TGS1"u8;

    public static int TagBytes => AesGcm.TagByteSizes.MaxSize;

    public static AesGcm Cipher(byte[] key, ReadOnlySpan<byte> salt)
    {
        Span<byte> own = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, own, salt, "tidegate object"u8);
        return new AesGcm(own, TagBytes);
    }

    public static void Nonce(Span<byte> nonce, long piece, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], piece);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
    }
}

/// <summary>Encrypts what it reads. Does not close what it reads from.</summary>
internal sealed class SealingStream(Stream plain, byte[] key) : PieceStream
{
    private readonly byte[] _piece = new byte[SealedForm.PieceBytes];
    private AesGcm? _cipher;
    private byte[]? _ahead;
    private long _number;

    protected override async ValueTask<byte[]?> NextAsync(CancellationToken cancellationToken)
    {
        if (_cipher is null)
        {
            var salt = RandomNumberGenerator.GetBytes(SealedForm.SaltBytes);
            _cipher = SealedForm.Cipher(key, salt);
            _ahead = await ReadAsync(cancellationToken);
            return [.. SealedForm.Mark, .. salt];
        }

        if (_ahead is not { } piece)
        {
            return null;
        }

        // Whether a piece is the last is known when the next is empty.
        _ahead = piece.Length < SealedForm.PieceBytes ? null : await ReadAsync(cancellationToken);
        if (_ahead is [])
        {
            _ahead = null;
        }

        return Seal(_cipher, piece, isLast: _ahead is null);
    }

    private byte[] Seal(AesGcm cipher, byte[] piece, bool isLast)
    {
        Span<byte> nonce = stackalloc byte[AesGcm.NonceByteSizes.MaxSize];
        SealedForm.Nonce(nonce, _number++, isLast);
        var result = new byte[piece.Length + SealedForm.TagBytes];
        cipher.Encrypt(nonce, piece, result.AsSpan(0, piece.Length), result.AsSpan(piece.Length));
        return result;
    }

    private async ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        var count = await plain.ReadAtLeastAsync(_piece, _piece.Length, throwOnEndOfStream: false, cancellationToken);
        return _piece[..count];
    }

    protected override void Dispose(bool disposing)
    {
        _cipher?.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Decrypts what it reads, and closes it at the end. Nothing that was changed is ever given out.</summary>
/// <exception cref="InvalidDataException">Thrown by reads: the content is not what was encrypted with this key.</exception>
internal sealed class OpeningStream(Stream sealedContent, byte[] key) : PieceStream
{
    private readonly byte[] _piece = new byte[SealedForm.PieceBytes + SealedForm.TagBytes];
    private AesGcm? _cipher;
    private int _ahead;
    private bool _isOver;
    private long _number;

    protected override async ValueTask<byte[]?> NextAsync(CancellationToken cancellationToken)
    {
        if (_isOver)
        {
            return null;
        }

        if (_cipher is null)
        {
            await BeginAsync(cancellationToken);
        }

        var current = _piece[.._ahead];
        _ahead = current.Length < _piece.Length ? 0 : await FillAsync(_piece, cancellationToken);
        _isOver = _ahead == 0;
        return Open(current);
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var head = new byte[SealedForm.Mark.Length + SealedForm.SaltBytes];
        if (
            await FillAsync(head, cancellationToken) != head.Length
            || !head.AsSpan(0, SealedForm.Mark.Length).SequenceEqual(SealedForm.Mark)
        )
        {
            throw new InvalidDataException("is not an encrypted object, or was cut off at its beginning");
        }

        _cipher = SealedForm.Cipher(key, head.AsSpan(SealedForm.Mark.Length));
        _ahead = await FillAsync(_piece, cancellationToken);
    }

    private byte[] Open(byte[] piece)
    {
        if (piece.Length < SealedForm.TagBytes)
        {
            throw new InvalidDataException("was cut off");
        }

        Span<byte> nonce = stackalloc byte[AesGcm.NonceByteSizes.MaxSize];
        SealedForm.Nonce(nonce, _number++, _isOver);
        var size = piece.Length - SealedForm.TagBytes;
        var result = new byte[size];
        try
        {
            _cipher!.Decrypt(nonce, piece.AsSpan(0, size), piece.AsSpan(size), result);
        }
        catch (AuthenticationTagMismatchException changed)
        {
            throw new InvalidDataException("was changed or cut off, or was encrypted with another key", changed);
        }

        return result;
    }

    private ValueTask<int> FillAsync(byte[] buffer, CancellationToken cancellationToken) =>
        sealedContent.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cipher?.Dispose();
            sealedContent.Dispose();
        }

        base.Dispose(disposing);
    }
}
