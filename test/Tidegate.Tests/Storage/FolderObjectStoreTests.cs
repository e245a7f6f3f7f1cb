using System.Text;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Objects;
using Tidegate.TestKit;

namespace Tidegate.Tests.Storage;

/// <summary>The contract of object stores, on a folder.</summary>
public sealed class FolderObjectStoreTests : ObjectStoreContract, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tidegate-objects-");
    private int stores;

    [Fact]
    public async Task What_a_killed_process_left_half_written_is_unseen_and_goes_after_a_day()
    {
        var store = await EmptyStoreAsync();
        var drafts = Directory.CreateDirectory(Path.Join(folder.FullName, "1", ".drafts"));
        var (old, young) = (Path.Join(drafts.FullName, "old"), Path.Join(drafts.FullName, "young"));
        File.WriteAllText(old, "half");
        File.WriteAllText(young, "half");
        File.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));

        Assert.Null(await store.GetAsync(ObjectKey.Create("old"), TestContext.Current.CancellationToken));
        using var content = new MemoryStream([1]);
        await store.PutAsync(ObjectKey.Create("a"), content, TestContext.Current.CancellationToken);

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
    }

    [Fact]
    public async Task An_artifact_that_was_touched_is_an_error_and_never_what_was_stored()
    {
        var artifacts = new Artifacts(await EmptyStoreAsync());
        var hash = await artifacts.PutAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);
        Assert.Equal(
            "{}",
            Encoding.UTF8.GetString((await artifacts.GetAsync(hash, TestContext.Current.CancellationToken))!)
        );

        await File.WriteAllTextAsync(
            Path.Join(folder.FullName, "1", "sha256", $"={hash}"),
            "{ }",
            TestContext.Current.CancellationToken
        );

        var damaged = await Assert.ThrowsAsync<InvalidDataException>(() =>
            artifacts.GetAsync(hash, TestContext.Current.CancellationToken)
        );
        Assert.Contains("is damaged", damaged.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    protected override Task<IObjectStore> EmptyStoreAsync() =>
        Task.FromResult<IObjectStore>(
            new FolderObjectStore(
                Path.Join(
                    folder.FullName,
                    Interlocked.Increment(ref stores).ToString(System.Globalization.CultureInfo.InvariantCulture)
                ),
                TimeProvider.System
            )
        );
}
