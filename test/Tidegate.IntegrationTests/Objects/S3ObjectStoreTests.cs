using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Objects;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Objects;

/// <summary>The contract of object stores, over a fake of S3; the same over a foreign server is <see cref="S3rverTests"/>.</summary>
public sealed class S3ObjectStoreTests : ObjectStoreContract, IAsyncDisposable
{
    private readonly List<S3ObjectStore> _stores = [];
    private FakeS3? _fake;
    private int _buckets;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_object_goes_in_parts_and_comes_back_whole()
    {
        var store = await StoreAsync();
        var content = Content((2 * S3ObjectStore.PartBytes) + 12_345);

        Assert.True(await store.PutAsync(ObjectKey.Create("large"), new MemoryStream(content), Token));

        await using var back = await store.GetAsync(ObjectKey.Create("large"), Token);
        using var read = new MemoryStream();
        await back!.CopyToAsync(read, Token);
        Assert.Equal(content, read.ToArray());
        Assert.Equal(3, _fake!.Requests.Count(request => request.Contains("partNumber", StringComparison.Ordinal)));
        Assert.Equal(0, _fake.OpenUploads);
    }

    [Fact]
    public async Task Of_large_ones_that_come_at_once_one_is_kept_and_no_parts_are_left()
    {
        var store = await StoreAsync();
        var contents = Enumerable.Range(0, 3).Select(index => Content(S3ObjectStore.PartBytes + index)).ToList();

        var kept = await Task.WhenAll(
            contents.Select(content => store.PutAsync(ObjectKey.Create("large"), new MemoryStream(content), Token))
        );

        Assert.Single(kept, isMine => isMine);
        Assert.Equal(contents[Array.IndexOf(kept, true)].Length, _fake!.Objects.Single().Value.Length);
        Assert.Equal(0, _fake.OpenUploads);
    }

    [Fact]
    public async Task A_large_one_that_ends_in_the_middle_leaves_no_parts()
    {
        var store = await StoreAsync();

        await Assert.ThrowsAsync<IOException>(() =>
            store.PutAsync(ObjectKey.Create("large"), new Ending(S3ObjectStore.PartBytes + 100), Token)
        );

        Assert.Equal(0, _fake!.OpenUploads);
        Assert.Empty(_fake.Objects);
    }

    [Fact]
    public async Task What_is_locked_is_not_removed_and_a_lock_never_gets_shorter()
    {
        var store = await StoreAsync();
        var key = ObjectKey.Create("kept");
        await store.PutAsync(key, new MemoryStream([1]), Token);
        var until = TimeProvider.System.GetUtcNow().AddDays(2);
        Assert.True(await store.LockAsync(key, until, Token));
        await store.LockAsync(key, until.AddDays(-1), Token);

        Assert.Equal(ObjectRemoval.Locked, await store.RemoveAsync(key, Token));

        Assert.True(await store.ExistsAsync(key, Token));
        Assert.Equal(until, Assert.Single(_fake!.Locks).Value, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task What_is_not_locked_goes_and_going_twice_is_no_error()
    {
        var store = await StoreAsync();
        var key = ObjectKey.Create("gone");
        await store.PutAsync(key, new MemoryStream([1]), Token);

        Assert.Equal(ObjectRemoval.Removed, await store.RemoveAsync(key, Token));
        Assert.Equal(ObjectRemoval.Removed, await store.RemoveAsync(key, Token));

        Assert.False(await store.ExistsAsync(key, Token));
        Assert.Empty(_fake!.Hidden);
    }

    [Fact]
    public async Task A_service_that_ignores_conditions_still_keeps_what_is_there()
    {
        var store = await StoreAsync();
        _fake!.HonoursConditions = false;
        var key = ObjectKey.Create("a");
        Assert.True(await store.PutAsync(key, new MemoryStream([1]), Token));

        Assert.False(await store.PutAsync(key, new MemoryStream([2]), Token));

        Assert.Equal([1], _fake.Objects.Single().Value);
    }

    public async ValueTask DisposeAsync()
    {
        _stores.ForEach(store => store.Dispose());
        if (_fake is not null)
        {
            await _fake.DisposeAsync();
        }
    }

    protected override async Task<IObjectStore> EmptyStoreAsync() => await StoreAsync();

    private async Task<S3ObjectStore> StoreAsync()
    {
        _fake ??= await FakeS3.StartAsync();
        // A prefix of its own: the same service, and nothing in it.
        var store = new S3ObjectStore(
            new(_fake.Endpoint, "backups", $"home-{_buckets++}", "us-east-1", "someone", "secret")
        );
        _stores.Add(store);
        return store;
    }

    private static byte[] Content(int length) =>
        [.. Enumerable.Range(0, length).Select(index => (byte)((index * 31) ^ (index >> 9)))];

    private sealed class Ending(int length) : MemoryStream(new byte[length])
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        ) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var count
                ? count
                : throw new IOException("the line is dead");
    }
}
