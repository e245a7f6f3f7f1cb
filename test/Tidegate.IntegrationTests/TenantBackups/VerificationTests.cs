using Tidegate.ControlPlane.TenantBackups;
using Tidegate.IntegrationTests.Databases;

namespace Tidegate.IntegrationTests.TenantBackups;

/// <summary>Damage that is planted in a backup: found, named, and never reported as good.</summary>
public sealed class VerificationTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Damage =>
        new(
            from what in (string[])
                [
                    "missing file",
                    "flipped file",
                    "cut file",
                    "flipped dump",
                    "cut dump",
                    "missing dump",
                    "changed manifest",
                    "missing manifest",
                ]
            from isEncrypted in (bool[])[false, true]
            select (what, isEncrypted)
        );

    [Theory]
    [MemberData(nameof(Damage))]
    public async Task Planted_damage_is_found_and_named(string what, bool isEncrypted)
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a picture", "an invoice");
        if (isEncrypted)
        {
            await home.SetKeyAsync(new string('7', 64));
        }

        var (backup, _) = await home.TakenAsync();
        Assert.True((await home.VerifiedAsync(backup.Id)).IsGood);
        var manifest = await home.ManifestAsync(backup);
        var key = what.Split(' ')[1] switch
        {
            "file" => manifest.Files[1].Key,
            "dump" => manifest.Dump.Key,
            _ => backup.Manifest,
        };
        await HarmAsync(home.PathOf(key), what.Split(' ')[0]);

        var verified = await home.VerifiedAsync(backup.Id);

        Assert.False(verified.IsGood);
        Assert.Contains(key, Assert.Single(verified.Findings), StringComparison.Ordinal);
        var recorded = (await home.Store.FindAsync(backup.Id, Token))!;
        Assert.False(recorded.IsGood);
        Assert.Contains(key, recorded.Verification!.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_proof_is_made_in_a_cluster_of_its_own_and_nothing_of_it_is_left()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a picture");
        File.SetUnixFileMode(home.Layout.Home, (UnixFileMode)0b111_001_001); // as a site's home is: others come through
        home.UsesSideClusters = true;
        var (backup, _) = await home.TakenAsync();
        // No cluster can be made while the site is down: that says nothing about the backup.
        var failed = await home.RunAsync(TenantBackupJobs.Verify, new VerifyTenantBackup(backup.Id));
        Assert.Contains("no longer wanted", failed.Failure, StringComparison.Ordinal);
        Assert.Null((await home.Store.FindAsync(backup.Id, Token))!.Verification);
        await File.WriteAllTextAsync(home.Layout.UpFile, "", Token);

        var verified = await home.VerifiedAsync(backup.Id);

        Assert.True(verified.IsGood, string.Join(';', verified.Findings));
        Assert.Empty(Directory.GetFileSystemEntries(home.Layout.WorkFolder));
    }

    [Fact]
    public async Task A_damaged_object_is_not_counted_on_by_the_next_backup()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a picture", "an invoice");
        var (first, _) = await home.TakenAsync();
        await HarmAsync(home.PathOf((await home.ManifestAsync(first)).Files[0].Key), "flipped");
        Assert.False((await home.VerifiedAsync(first.Id)).IsGood);

        var (second, taken) = await home.TakenAsync();

        Assert.Equal(1, taken.NewFiles);
        Assert.True((await home.VerifiedAsync(second.Id)).IsGood);
    }

    [Fact]
    public async Task A_statement_that_fails_in_the_restore_is_found()
    {
        await using var home = await BackupHome.CreateAsync(cluster);
        var shop = home.Shop;
        await shop.AsAsync(
            shop.OldRole,
            shop.Database,
            "create function fits(int) returns boolean language sql as 'select true'",
            "create table odd (id int check (fits(id)))",
            "insert into odd values (1)",
            "create or replace function fits(int) returns boolean language sql as 'select false'"
        );

        var (backup, _) = await home.TakenAsync();
        var verified = await home.VerifiedAsync(backup.Id);

        Assert.False(verified.IsGood);
        Assert.Contains("odd", Assert.Single(verified.Findings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_row_in_what_was_restored_is_found()
    {
        await using var home = await BackupHome.CreateAsync(cluster);
        var (backup, _) = await home.TakenAsync();
        var manifest = await home.ManifestAsync(backup);
        await home.Shop.AsAsync(
            home.Shop.OldRole,
            home.Shop.Database,
            "update sale_order set note = note || '!' where id = 7",
            "insert into ir_attachment (checksum) values ('none')",
            "create table more (id int)",
            "select setval('sale_order_id_seq', 3)"
        );

        var findings = await Drivers.TenantBackups.RestoredComparison.RunAsync(
            cluster.Site,
            home.Shop.Database,
            manifest,
            Token
        );

        Assert.Equal(
            [
                "table public.ir_attachment has 1 rows instead of 0",
                "table public.sale_order has other contents in its 500 rows",
                "table public.more is there and was not backed up",
                "sequence public.sale_order_id_seq is at 3 and had given out 500",
            ],
            findings
        );
    }

    [Fact]
    public async Task A_backup_whose_key_is_gone_is_not_called_good()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a picture");
        await home.SetKeyAsync(new string('7', 64));
        var (backup, _) = await home.TakenAsync();
        await home.SetKeyAsync(new string('8', 64));

        var job = await home.RunAsync(TenantBackupJobs.Verify, new VerifyTenantBackup(backup.Id));

        Assert.Contains("is encrypted with key", job.Failure, StringComparison.Ordinal);
        Assert.Null((await home.Store.FindAsync(backup.Id, Token))!.Verification);
        File.Copy(Path.Join(home.Layout.Secrets, "backup-key"), Path.Join(home.Layout.Secrets, "other"));
        await home.SetKeyAsync(new string('7', 64));
        Assert.True((await home.VerifiedAsync(backup.Id)).IsGood);
    }

    private static async Task HarmAsync(string path, string how)
    {
        if (how is "missing")
        {
            File.Delete(path);
            return;
        }

        var content = await File.ReadAllBytesAsync(path, Token);
        if (how is "cut")
        {
            content = content[..^1];
        }
        else
        {
            content[content.Length / 2] ^= 1;
        }

        await File.WriteAllBytesAsync(path, content, Token);
    }
}
