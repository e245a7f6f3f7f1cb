using CsCheck;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Tests.TenantBackups;

/// <summary>What is encrypted comes back as it was, or not at all.</summary>
public sealed class SealedStreamTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(index => (byte)index)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(SealedForm.PieceBytes - 1)]
    [InlineData(SealedForm.PieceBytes)]
    [InlineData(SealedForm.PieceBytes + 1)]
    [InlineData(3 * SealedForm.PieceBytes)]
    public async Task Every_length_comes_back(int length)
    {
        var content = Content(length);

        Assert.Equal(content, await OpenAsync(await SealAsync(content), Key));
    }

    [Fact]
    public async Task The_same_content_is_never_encrypted_to_the_same()
    {
        var content = Content(100);

        Assert.NotEqual(await SealAsync(content), await SealAsync(content));
    }

    [Fact]
    public async Task A_changed_byte_anywhere_is_refused()
    {
        var stored = await SealAsync(Content(SealedForm.PieceBytes + 100));
        await Gen.Select(Gen.Int[0, stored.Length - 1], Gen.Int[1, 255])
            .SampleAsync(
                async (place, change) =>
                {
                    byte[] changed = [.. stored];
                    changed[place] ^= (byte)change;
                    await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(changed, Key));
                },
                iter: 200
            );
    }

    [Fact]
    public async Task What_was_cut_off_anywhere_is_refused()
    {
        var stored = await SealAsync(Content(3 * SealedForm.PieceBytes));
        var piece = SealedForm.PieceBytes + SealedForm.TagBytes;
        int[] ends = [0, 1, 36, 37, 36 + piece, 36 + (2 * piece), stored.Length - 1];
        foreach (var end in ends)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(stored[..end], Key));
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync([.. stored, 0], Key));
    }

    [Fact]
    public async Task Another_key_opens_nothing()
    {
        var stored = await SealAsync(Content(10));

        await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(stored, [.. Key.Reverse()]));
    }

    private static byte[] Content(int length) =>
        [.. Enumerable.Range(0, length).Select(index => (byte)((index * 31) ^ (index >> 8)))];

    private static async Task<byte[]> SealAsync(byte[] content)
    {
        await using var stream = new SealingStream(new MemoryStream(content), Key);
        return await ReadAsync(stream);
    }

    private static async Task<byte[]> OpenAsync(byte[] content, byte[] key)
    {
        await using var stream = new OpeningStream(new MemoryStream(content), key);
        return await ReadAsync(stream);
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var result = new MemoryStream();
        await stream.CopyToAsync(result, Token);
        return result.ToArray();
    }
}
