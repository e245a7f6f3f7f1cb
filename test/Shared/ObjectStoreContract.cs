using System.Text;
using CsCheck;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.TestKit;

/// <summary>What every object store does, a folder or a bucket.</summary>
public abstract class ObjectStoreContract
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A store with nothing in it.</summary>
    protected abstract Task<IObjectStore> EmptyStoreAsync();

    /// <summary>False for a foreign server that is known to list in another order than S3 does.</summary>
    protected virtual bool KeepsOrder => true;

    [Fact]
    public async Task What_was_put_comes_back_byte_for_byte()
    {
        var store = await EmptyStoreAsync();
        byte[][] contents =
        [
            [],
            [0],
            Enumerable.Range(0, 3 << 20).Select(index => (byte)(index * 31)).ToArray(),
        ];
        foreach (var (index, content) in contents.Index())
        {
            Assert.True(await store.PutAsync(Key($"a/{index}"), new Dribble(content), Token));

            Assert.Equal(content, await ReadAsync(store, $"a/{index}"));
        }
    }

    [Fact]
    public async Task What_is_there_never_changes()
    {
        var store = await EmptyStoreAsync();
        Assert.True(await PutAsync(store, "releases/1/manifest.json", "first"));

        Assert.False(await PutAsync(store, "releases/1/manifest.json", "second"));

        Assert.Equal("first", Encoding.UTF8.GetString((await ReadAsync(store, "releases/1/manifest.json"))!));
    }

    [Fact]
    public virtual async Task Of_many_that_come_at_once_one_is_kept_whole()
    {
        var store = await EmptyStoreAsync();

        // A gap between looking and writing is met now and then only.
        for (var round = 0; round < 20; round++)
        {
            var key = $"a{round}";
            var kept = await Task.WhenAll(
                Enumerable
                    .Range(0, 16)
                    .Select(index => Task.Run(() => PutAsync(store, key, new string((char)('a' + index), 100_000))))
            );

            Assert.Single(kept, isMine => isMine);
            var winner = (char)('a' + Array.IndexOf(kept, true));
            Assert.Equal(new string(winner, 100_000), Encoding.UTF8.GetString((await ReadAsync(store, key))!));
        }
    }

    [Fact]
    public async Task A_put_that_ends_in_the_middle_leaves_nothing_and_may_be_done_again()
    {
        var store = await EmptyStoreAsync();

        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(Key("a/b"), new Breaking(), Token));

        Assert.False(await store.ExistsAsync(Key("a/b"), Token));
        Assert.Empty(await KeysAsync(store, ""));
        Assert.True(await PutAsync(store, "a/b", "whole"));
    }

    [Fact]
    public async Task What_is_not_there_is_not_there()
    {
        var store = await EmptyStoreAsync();
        await PutAsync(store, "a/b", "");

        foreach (var key in (string[])["a", "a/b/c", "a/bb", "b"])
        {
            Assert.Null(await store.GetAsync(Key(key), Token));
            Assert.False(await store.ExistsAsync(Key(key), Token));
        }

        Assert.True(await store.ExistsAsync(Key("a/b"), Token));
    }

    [Fact]
    public async Task A_key_may_be_the_beginning_of_another()
    {
        var store = await EmptyStoreAsync();
        Assert.True(await PutAsync(store, "a", "1"));
        Assert.True(await PutAsync(store, "a/b", "22"));
        Assert.True(await PutAsync(store, "a-b", "333"));

        Assert.Equal(["a", "a-b", "a/b"], await KeysAsync(store, ""));
        Assert.Equal(["a/b"], await KeysAsync(store, "a/"));
        Assert.Empty(await KeysAsync(store, "a/bb"));
    }

    [Fact]
    public async Task A_list_has_every_key_of_the_prefix_in_order()
    {
        var part = Gen.String[Gen.Char["abZ09.-_"], 0, 3].Select(text => "a" + text);
        var keys = part.Array[1, 3].Select(parts => string.Join('/', parts)).Array[0, 12];
        await Gen.Select(keys, Gen.String[Gen.Char["ab/.-"], 0, 3])
            .SampleAsync(
                async (several, prefix) =>
                {
                    var store = await EmptyStoreAsync();
                    foreach (var key in several)
                    {
                        await PutAsync(store, key, key);
                    }

                    Assert.Equal(
                        several
                            .Distinct(StringComparer.Ordinal)
                            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
                            .Order(StringComparer.Ordinal),
                        await KeysAsync(store, prefix)
                    );
                },
                iter: 100
            );
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a/.b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a\0b")]
    [InlineData("a\\b")]
    [InlineData("é")]
    [InlineData("=a")]
    public void A_key_that_could_lead_elsewhere_is_none(string key) => Assert.False(ObjectKey.TryParse(key, out _));

    [Fact]
    public void A_key_has_its_bounds()
    {
        Assert.True(ObjectKey.TryParse(new string('a', 128), out _));
        Assert.False(ObjectKey.TryParse(new string('a', 129), out _));
        Assert.False(ObjectKey.TryParse(string.Join('/', Enumerable.Repeat("abc", 129)), out _));
    }

    private static ObjectKey Key(string key) => ObjectKey.Create(key);

    private static async Task<bool> PutAsync(IObjectStore store, string key, string content)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        return await store.PutAsync(Key(key), stream, Token);
    }

    private static async Task<byte[]?> ReadAsync(IObjectStore store, string key)
    {
        await using var stream = await store.GetAsync(Key(key), Token);
        using var content = new MemoryStream();
        await stream!.CopyToAsync(content, Token);
        return content.ToArray();
    }

    private async Task<string[]> KeysAsync(IObjectStore store, string prefix)
    {
        var keys = new List<string>();
        await foreach (var found in store.ListAsync(prefix, Token))
        {
            keys.Add(found.Key.Value);
        }

        return KeepsOrder ? [.. keys] : [.. keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>A stream of unknown length that gives a little at a time.</summary>
    private sealed class Dribble(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 4097)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 4097)], cancellationToken);
    }

    private sealed class Breaking : MemoryStream
    {
        private int _reads;

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _reads++ < 2
                ? ValueTask.FromResult(Math.Min(buffer.Length, 1000))
                : throw new IOException("the line is dead");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new IOException("the line is dead");
    }
}
