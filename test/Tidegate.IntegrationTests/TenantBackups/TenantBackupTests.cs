using System.Globalization;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.TenantBackups;
using Tidegate.IntegrationTests.Databases;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.TenantBackups;

public sealed class TenantBackupTests(SiteCluster cluster) : IClassFixture<SiteCluster>
{
    private const string Key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_backed_up_is_loaded_whole_beside_the_live_database(bool isEncrypted)
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a picture", "an invoice", "");
        if (isEncrypted)
        {
            await home.SetKeyAsync(Key);
        }

        var (backup, taken) = await home.TakenAsync();

        Assert.Equal((3, 0, isEncrypted), (taken.Files, taken.Faults.Length, backup.IsEncrypted));
        var manifest = await home.ManifestAsync(backup);
        Assert.Equal(
            (home.Tenant, "1", "shop-secret"),
            (manifest.Tenant, manifest.Release.Name, manifest.Configuration.Tenant.Profile.JourneySecret)
        );
        Assert.Contains(manifest.Database.Tables, table => table is { Table: "public.sale_order", Rows: 500 });
        var stored = home.ObjectFiles("files").Select(File.ReadAllText).ToList();
        Assert.Equal(!isEncrypted, stored.Contains("a picture"));

        var restored = home.Shop.Database + "_r";
        await new TenantProvisioning(cluster.Site).CreateEmptyAsync(restored, Token);
        var folder = Path.Join(home.Layout.Home, "restored");
        await home.Fetch.LoadAsync(
            backup.Id,
            new(
                cluster.Site,
                restored,
                DatabaseNames.Owner(restored),
                folder,
                Path.Join(home.Layout.Home, "work", "x")
            ),
            (_, _) => Task.CompletedTask,
            Token
        );

        Assert.Empty(await RestoredComparison.RunAsync(cluster.Site, restored, manifest, Token));
        foreach (var file in manifest.Files)
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Join(home.Filestore, file.Name), Token),
                await File.ReadAllBytesAsync(Path.Join(folder, file.Name), Token)
            );
        }

        var verified = await home.VerifiedAsync(backup.Id);
        Assert.True(verified.IsGood, string.Join(';', verified.Findings));
        Assert.True((await home.Store.FindAsync(backup.Id, Token))!.Verification!.IsGood);
        await NothingIsLeftAsync(home);
    }

    [Fact]
    public async Task Rows_and_files_that_come_while_it_is_taken_are_not_in_it_and_nothing_of_it_is_missing()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "before");
        var gone = await home.AttachAsync("deleted meanwhile");
        var snapshots = 0;
        home.Taking = new(home.Places, home.Fleet, home.Store, TimeProvider.System)
        {
            BeforeHolding = async () =>
            {
                if (snapshots++ == 0)
                {
                    // Odoo's collection of files, between the snapshot and the holding of what it counts on.
                    await home.Shop.AsAsync(
                        home.Shop.OldRole,
                        home.Shop.Database,
                        $"delete from ir_attachment where store_fname = '{gone}'"
                    );
                    File.Delete(Path.Join(home.Filestore, gone));
                    await home.AttachAsync("after");
                }
            },
        };

        var (backup, taken) = await home.TakenAsync();

        Assert.Equal((2, 2, 0), (snapshots, taken.Files, taken.Faults.Length));
        Assert.DoesNotContain((await home.ManifestAsync(backup)).Files, file => file.Name == gone);
        Assert.True((await home.VerifiedAsync(backup.Id)).IsGood);
    }

    [Fact]
    public async Task A_file_that_goes_while_it_is_copied_is_still_copied()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "kept by a second name");
        var names = await Directory_Names(home);
        var held = HeldFiles.Hold(home.Filestore, names, Path.Join(home.Layout.Home, "held"));
        Directory.Delete(home.Filestore, recursive: true);

        Assert.Equal("kept by a second name", await File.ReadAllTextAsync(Assert.Single(held.Files).Path, Token));
        Assert.False(held.LacksAny);

        static Task<string[]> Directory_Names(BackupHome home) =>
            Task.FromResult(
                Directory
                    .EnumerateFiles(home.Filestore, "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(home.Filestore, file))
                    .ToArray()
            );
    }

    [Fact]
    public async Task What_the_source_lacks_is_named_and_the_backup_is_never_called_good()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "kept");
        var missing = await home.AttachAsync("lost long ago");
        File.Delete(Path.Join(home.Filestore, missing));
        var changed = await home.AttachAsync("as it was");
        await File.WriteAllTextAsync(Path.Join(home.Filestore, changed), "as it is", Token);
        var linked = await home.AttachAsync("a link");
        File.Delete(Path.Join(home.Filestore, linked));
        File.CreateSymbolicLink(Path.Join(home.Filestore, linked), "/etc/passwd");

        var (backup, taken) = await home.TakenAsync();

        Assert.Equal(
            new[]
            {
                $"{missing} is missing",
                $"{linked} is a link",
                $"{changed} has another content than its name says",
            }.Order(),
            taken.Faults.Select(fault => $"{fault.Name} {fault.What}").Order()
        );
        Assert.False(backup.IsGood);
        var verified = await home.VerifiedAsync(backup.Id);
        Assert.False(verified.IsGood);
        Assert.Contains(verified.Findings, finding => finding.Contains(missing, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_backup_sends_only_what_is_new()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "first", "second");
        Assert.Equal(2, (await home.TakenAsync()).Taken.NewFiles);
        await home.AttachAsync("third");

        var (_, taken) = await home.TakenAsync();

        Assert.Equal((3, 1), (taken.Files, taken.NewFiles));
        Assert.Equal(3, home.ObjectFiles("files").Count);
    }

    [Fact]
    public async Task A_dump_that_is_killed_is_no_backup()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a file");
        // pg_dump waits for the table, so that it is surely at work when it is killed.
        await using var blocker = await cluster.Postgres.OpenAsync(home.Shop.Database);
        await using var transaction = await blocker.BeginTransactionAsync(Token);
        var id = await home.Jobs.OrderAsync(
            TenantBackupJobs.Take,
            new JobOrder<TakeTenantBackup>(home.Site, home.Tenant.Value, new(home.Tenant, BackupClass.Manual), "test"),
            Token
        );
        await using (
            var command = new Npgsql.NpgsqlCommand(
                "lock table sale_order in access exclusive mode",
                blocker,
                transaction
            )
        )
        {
            await command.ExecuteNonQueryAsync(Token);
        }

        var turn = home.TurnAsync();
        var pid = await PgDumpAsync(home.Shop.Database);
        PostgresTools.Kill(pid);
        await turn;

        var job = (await home.Jobs.FindAsync(id, Token))!;
        Assert.Equal(JobOutcome.Failed, job.Outcome);
        Assert.Contains("pg_dump", job.Failure, StringComparison.Ordinal);
        Assert.Empty(home.ObjectFiles("manifests"));
        Assert.Empty(home.ObjectFiles("dumps"));
        Assert.Empty(await home.Store.OfTenantAsync(home.Tenant, null, Token));
        await transaction.RollbackAsync(Token);
        await NothingIsLeftAsync(home);
    }

    [Fact]
    public async Task A_server_that_was_killed_after_the_manifest_takes_no_second_one()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a file");
        var (backup, _) = await home.TakenAsync();
        // As the control database is when the server died before it recorded anything.
        await home.SqlAsync("delete from tenant_backup");
        await home.SqlAsync(
            $"update job set state = 'running', outcome = null, ended_at = null, result = null, lease_until = '-infinity' where id = '{backup.Job}'"
        );
        await home.AttachAsync("after the backup");

        await home.TurnAsync();

        Assert.Equal(
            backup,
            await home.Store.FindAsync(backup.Id, Token) is { } again ? again with { NewBytes = backup.NewBytes } : null
        );
        Assert.Single(home.ObjectFiles("dumps"));
    }

    [Fact]
    public async Task A_job_that_is_anothers_by_now_records_nothing()
    {
        await using var home = await BackupHome.CreateAsync(cluster, "a file");
        home.Taking = new(home.Places, home.Fleet, home.Store, TimeProvider.System)
        {
            BeforeHolding = () => home.SqlAsync("update job set epoch = epoch + 1 where state = 'running'"),
        };

        await home.TakeAsync();

        Assert.Empty(await home.Store.OfTenantAsync(home.Tenant, null, Token));
    }

    private async Task<int> PgDumpAsync(string database)
    {
        int? found = null;
        await Eventually.IsTrueAsync(
            () => (found = FindPgDump(database)) is not null,
            () => $"nobody dumps {database}"
        );
        return found!.Value;
    }

    private int? FindPgDump(string database)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid)
                && PostgresTools.TitleOf(pid) is { } title
                && title.Contains("pg_dump", StringComparison.Ordinal)
                && title.Contains(cluster.Site.SocketDirectory, StringComparison.Ordinal)
                && title.Contains($"'{database}'", StringComparison.Ordinal)
            )
            {
                return pid;
            }
        }

        return null;
    }

    private async Task NothingIsLeftAsync(BackupHome home)
    {
        Assert.Empty(
            Directory.Exists(home.Layout.WorkFolder)
                ? Directory
                    .GetFileSystemEntries(home.Layout.WorkFolder)
                    .Where(entry => Path.GetFileName(entry) is not "x")
                : []
        );
        Assert.Equal(
            "0",
            await cluster.Postgres.ScalarAsync(
                "postgres",
                $"select count(*) from pg_stat_activity where application_name like 'tidegate backup%' and datname = '{home.Shop.Database}'"
            )
        );
        Assert.Equal(
            "0",
            await cluster.Postgres.ScalarAsync(
                "postgres",
                "select count(*) from pg_database where datname like 'verify%'"
            )
        );
    }
}
