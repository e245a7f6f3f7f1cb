using System.Text.Json;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Tests.Runtimes;

public sealed class TenantListsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tidegate-lists-").FullName;

    private string Published => Path.Combine(_folder, "tenants.json");

    private TenantLists Lists => new(Published, reader: null);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_tenant_that_joins_is_in_the_file_that_the_bridge_reads()
    {
        Assert.True(Lists.TrySet("shop-oslo", Service.Full, epoch: 1));
        Assert.True(Lists.TrySet("shop-lima", Service.WebOnly, epoch: 1));

        using var read = JsonDocument.Parse(File.ReadAllText(Published));
        Assert.Equal(["shop-lima", "shop-oslo"], Names(read, "web"));
        Assert.Equal(["shop-oslo"], Names(read, "cron"));
    }

    [Fact]
    public void Setting_twice_is_setting_once()
    {
        Lists.TrySet("shop-oslo", Service.Full, epoch: 1);
        var once = Lists.Read();

        Lists.TrySet("shop-oslo", Service.Full, epoch: 1);

        Assert.Equal(once.Version, Lists.Read().Version);
    }

    [Fact]
    public void A_lower_epoch_changes_nothing()
    {
        Lists.TrySet("shop-oslo", Service.Full, epoch: 7);

        Assert.False(Lists.TrySet("shop-oslo", Service.None, epoch: 6));

        Assert.Contains("shop-oslo", Lists.Read().Web);
    }

    [Fact]
    public void An_epoch_speaks_for_its_tenant_only()
    {
        Lists.TrySet("shop-oslo", Service.Full, epoch: 7);

        Assert.True(Lists.TrySet("shop-lima", Service.Full, epoch: 1));
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        var names = Enumerable
            .Range(0, 40)
            .Select(number => $"shop-{(char)('a' + (number / 10))}{number % 10}")
            .ToList();

        await Parallel.ForEachAsync(
            names,
            TestContext.Current.CancellationToken,
            (name, _) =>
            {
                Assert.True(Lists.TrySet(name, Service.Full, epoch: 1));
                return ValueTask.CompletedTask;
            }
        );

        Assert.Equal(names, Lists.Read().Web.AsEnumerable().ToList());
        using var read = JsonDocument.Parse(
            await File.ReadAllTextAsync(Published, TestContext.Current.CancellationToken)
        );
        Assert.Equal(names, Names(read, "web"));
    }

    [Fact]
    public void A_generation_that_is_gone_serves_nobody_and_is_not_brought_back()
    {
        var gone = new TenantLists(Path.Combine(_folder, "gone", "tenants.json"), reader: null);

        Assert.True(gone.TrySet("shop-oslo", Service.None, epoch: 1));
        Assert.Throws<InvalidOperationException>(() => gone.TrySet("shop-oslo", Service.Full, epoch: 1));

        Assert.False(Directory.Exists(Path.Combine(_folder, "gone")));
    }

    private static IEnumerable<string?> Names(JsonDocument file, string list) =>
        file.RootElement.GetProperty(list).EnumerateArray().Select(name => name.GetString());
}
