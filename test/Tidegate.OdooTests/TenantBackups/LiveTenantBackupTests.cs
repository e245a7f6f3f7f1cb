using Tidegate.Contracts.TenantBackups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Cutover;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.TenantBackups;

/// <summary>A real shop on a real site is backed up while it is open, and what was taken is proven by a restore.</summary>
[Collection(nameof(WholeSite))]
public sealed class LiveTenantBackupTests(WholeSite site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shop_is_backed_up_and_its_backup_restores_with_every_row_and_file()
    {
        var taken = await site.DoneAsync(await TakeAsync());
        Assert.Equal(0, taken.GetProperty("faults").GetArrayLength());
        Assert.True(taken.GetProperty("files").GetInt32() > 10, taken.ToString());

        var verified = await site.DoneAsync(await VerifyAsync(taken.GetProperty("backup").GetString()!));

        Assert.True(verified.GetProperty("isGood").GetBoolean(), verified.ToString());
        Assert.True(verified.GetProperty("tables").GetInt32() > 200, verified.ToString());
        var again = await site.DoneAsync(await TakeAsync());
        Assert.Equal(0, again.GetProperty("newFiles").GetInt32());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_control_plane_that_is_killed_while_it_backs_up_takes_one_backup_and_leaves_nothing()
    {
        await using (var session = await site.OpenAsync(WholeSite.Database))
        await using (var transaction = await session.BeginTransactionAsync(Token))
        {
            // pg_dump waits for this table: the server surely dies in the middle.
            await using var command = new Npgsql.NpgsqlCommand(
                "lock table sale_order in access exclusive mode",
                session,
                transaction
            );
            await command.ExecuteNonQueryAsync(Token);
            var job = await TakeAsync();
            await Eventually.IsTrueAsync(
                async () =>
                    await site.ScalarAsync(
                        "postgres",
                        "select count(*) from pg_stat_activity where application_name like 'tidegate backup%' and wait_event_type = 'Lock'"
                    )
                        is not "0",
                "pg_dump waits"
            );
            await site.KillAsync(SiteProcesses.ControlPlane);
            await transaction.RollbackAsync(Token);
            await site.UpAgainAsync();

            var taken = await site.DoneAsync(job);

            var verified = await site.DoneAsync(await VerifyAsync(taken.GetProperty("backup").GetString()!));
            Assert.True(verified.GetProperty("isGood").GetBoolean(), verified.ToString());
        }

        await NothingIsLeftAsync();
    }

    private Task<string> TakeAsync() =>
        site.OrderAsync($"/api/tenants/{WholeSite.Database}/backups", new TakeBackup(Reason: "test"));

    private Task<string> VerifyAsync(string backup) =>
        site.OrderAsync($"/api/tenant-backups/{backup}/verify", new OrderReason("test"));

    private async Task NothingIsLeftAsync()
    {
        Assert.Empty(
            Directory.Exists(site.Layout.WorkFolder) ? Directory.GetFileSystemEntries(site.Layout.WorkFolder) : []
        );
        Assert.Equal(
            "0",
            await site.ScalarAsync(
                SitePostgres.Maintenance,
                "select count(*) from pg_database where datname like 'verify%'"
            )
        );
        Assert.Equal(
            "0",
            await site.ScalarAsync(
                SitePostgres.Maintenance,
                "select count(*) from pg_stat_activity where application_name like 'tidegate backup%'"
            )
        );
    }
}
