using System.Globalization;
using Tidegate.Cli;
using Tidegate.IntegrationTests.Backups;

namespace Tidegate.IntegrationTests.Restores;

/// <summary>A state comes with the files that it names, wherever they still are: with the tenant, a checkpoint, or only in backups of the tenant.</summary>
public sealed class StateFilesTests(BackedUpSite site) : IClassFixture<BackedUpSite>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_that_only_a_backup_of_the_tenant_has_come_back_with_the_state()
    {
        await using var plane = await RestoringSite.StartAsync(site, "graz");
        var (gone, damaged, live) = (
            await plane.AttachAsync("graz", "a contract"),
            await plane.AttachAsync("graz", "a receipt"),
            await plane.AttachAsync("graz", "a picture")
        );
        await plane.SucceedAsync("tenant", "backup", "graz");
        await site.BackUpAsync();
        var then = Text(await site.MomentAsync());
        await site.ExecuteAsync("graz", "delete from ir_attachment");
        File.Delete(gone); // as Odoo does once a day
        await File.WriteAllTextAsync(damaged, "a recei\0t", Token);
        var before = await plane.RemainsAsync();

        await plane.RestoreAsync("graz", then, "--into", "graz-then", "--as-is");

        var folder = await plane.ControlAsync("select folder from data_copy where tenant = 'graz' and gone_at is null");
        Assert.Equal(
            ["a contract", "a picture", "a receipt"],
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText).Order()
        );
        Assert.False(File.Exists(gone));
        Assert.Equal("a recei\0t", await File.ReadAllTextAsync(damaged, Token));
        await plane.DropCopiesAsync("graz");
        Assert.Equal(before, await plane.RemainsAsync());

        await plane.RestoreAsync("graz", then, "--yes");

        Assert.Equal("3", await site.ScalarAsync("graz", "select count(*) from ir_attachment"));
        Assert.Equal("a contract", await File.ReadAllTextAsync(gone, Token));
        Assert.Equal("a receipt", await File.ReadAllTextAsync(damaged, Token));
        Assert.Equal("a picture", await File.ReadAllTextAsync(live, Token));
    }

    [Fact]
    public async Task A_file_that_nothing_has_any_more_is_named_and_nothing_is_changed()
    {
        await using var plane = await RestoringSite.StartAsync(site, "linz");
        await plane.AttachAsync("linz", "a contract");
        await plane.SucceedAsync("tenant", "backup", "linz");
        var file = await plane.AttachAsync("linz", "made after the backup");
        await site.BackUpAsync();
        var then = Text(await site.MomentAsync());
        await site.ExecuteAsync("linz", "delete from ir_attachment");
        File.Delete(file);
        await plane.SellAsync("linz", "kept");
        var before = await plane.RemainsAsync();

        var answer = await plane.RunAsync("tenant", "restore", "linz", "--to", then, "--yes");

        Assert.Equal(ExitCodes.EndedBadly, answer.Exit);
        Assert.Contains(
            $"1 files of that state of linz are nowhere whole, {Path.GetFileName(file)[..2]}/{Path.GetFileName(file)} first",
            answer.Output,
            StringComparison.Ordinal
        );
        Assert.Equal("first,kept in ", await plane.OrdersAsync("linz"));
        Assert.Equal(before, await plane.RemainsAsync());
        Assert.Equal(
            "0",
            await plane.ControlAsync("select count(*) from rollout where id like 'w-%' and environment = 'linz'")
        );
    }

    [Fact]
    public async Task A_checkpoint_is_looked_at_as_a_copy_and_stays_the_tenants_way_back()
    {
        await using var plane = await RestoringSite.StartAsync(site, "bonn");
        var file = await plane.AttachAsync("bonn", "a contract");
        await plane.UpgradeAsync("bonn", "2026.11.2");
        await plane.SellAsync("bonn", "new");
        await site.ExecuteAsync("bonn", "delete from ir_attachment");
        File.Delete(file); // the checkpoint has its own name for it
        var before = await plane.RemainsAsync();

        await plane.RestoreAsync("bonn", "checkpoint", "--into", "bonn-old", "--as-is");

        Assert.Equal("first in ", await plane.OrdersAsync("bonn-old"));
        Assert.Equal("first,new in 2026.11.2", await plane.OrdersAsync("bonn"));
        var folder = await plane.ControlAsync("select folder from data_copy where tenant = 'bonn' and gone_at is null");
        Assert.Equal(
            "a contract",
            await File.ReadAllTextAsync(
                Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Single(),
                Token
            )
        );
        await plane.DropCopiesAsync("bonn");
        Assert.Equal(before, await plane.RemainsAsync());

        var went = await plane.RestoreAsync("bonn", "checkpoint", "--accept-loss", "1");

        Assert.Equal("2026.11.1", went.Release);
        Assert.Equal("first in ", await plane.OrdersAsync("bonn"));
    }

    private static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
