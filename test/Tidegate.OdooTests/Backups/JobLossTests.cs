using System.Text.Json;
using Tidegate.Contracts.Backups;
using Tidegate.Contracts.Copies;
using Tidegate.Contracts.Drills;
using Tidegate.Contracts.Restores;
using Tidegate.Contracts.TenantBackups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Cutover;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Backups;

/// <summary>The control plane is killed while it backs up, proves, restores and drills a real site; its successor ends each job once, and nothing of the first attempt is left.</summary>
[Collection(nameof(WholeSite))]
public sealed class JobLossTests(WholeSite site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_while_pgbackrest_copies_the_cluster_one_backup_is_made()
    {
        var job = await site.OrderAsync("/api/backups", new RunBackup("full"));

        await KilledWhileAsync("backup", job);
        var made = await site.DoneAsync(job);

        var listed = await BackupsAsync();
        Assert.Equal(made.GetProperty("label").GetString(), listed[0].Label);
        Assert.Single(listed, backup => backup.StoppedAt >= listed[0].StartedAt);
        Assert.Equal(
            "0",
            await site.ScalarAsync(
                SitePostgres.Maintenance,
                "select count(*) from pg_stat_activity where application_name like 'pgBackRest%'"
            )
        );
        await NothingIsLeftAsync(job);
    }

    [Theory]
    [InlineData("fetch")]
    [InlineData("side")]
    public async Task Killed_while_a_backup_is_proven_it_is_proven_from_the_beginning(string process)
    {
        await EnsureBackupAsync();
        var job = await site.OrderAsync("/api/backups/verify", new VerifyBackup());

        await KilledWhileAsync(process, job);
        var verified = await site.DoneAsync(job);

        var proven = (await BackupsAsync()).Single(backup => backup.Label == verified.GetProperty("label").GetString());
        Assert.True(proven.IsGood, proven.Finding);
        Assert.Contains(WholeSite.Database, proven.Evidence!.Compared);
        await NothingIsLeftAsync(job);
    }

    [Theory]
    [InlineData("tenant-corruption", "side")]
    [InlineData("faulty-migration", "rehearsal-web")]
    [InlineData("failed-application-release", "rehearsal-web")]
    [InlineData("site-loss", "side")]
    [InlineData("site-loss", "rehearsal-web")]
    public async Task Killed_in_the_middle_of_a_drill_it_is_played_once_and_its_markers_are_gone(
        string scenario,
        string process
    )
    {
        await EnsureBackupAsync();
        var ofSite = scenario is "site-loss";
        if (ofSite)
        {
            await site.DoneAsync(
                await site.OrderAsync($"/api/tenants/{WholeSite.Database}/backups", new TakeBackup(Reason: "test"))
            );
        }

        var job = await site.OrderAsync(
            "/api/drills",
            new RunDrill(scenario, ofSite ? null : WholeSite.Database, Site: null, "test")
        );

        await KilledWhileAsync(process, job);
        var played = await site.DoneAsync(job);

        Assert.Equal(JsonValueKind.Null, played.GetProperty("failure").ValueKind);
        using (var client = site.Client())
        {
            var drills = await client.GetAsync<List<DrillView>>("/api/drills", Token);
            Assert.Single(drills, drill => drill.Id == played.GetProperty("id").GetString());
        }

        Assert.Equal(
            "0",
            await site.ScalarAsync(SitePostgres.Maintenance, "select count(*) from tidegate.drill_marker")
        );
        await NothingIsLeftAsync(job);
    }

    [Fact]
    public async Task Killed_while_a_checkpoint_is_proven_the_tenant_goes_back_once()
    {
        var before = await site.ScalarAsync(
            "tidegate",
            $"select release from tenant where name = '{WholeSite.Database}'"
        );
        Assert.Equal("completed", (await site.EndAsync(await site.StartAsync(await site.NextReleaseAsync()))).Outcome);
        var checkpoint = (
            await site.ScalarAsync(
                SitePostgres.Maintenance,
                "select datname from pg_database where datname like 'shop-oslo\\_\\_old%'"
            )
        )!;

        // The checkpoint is closed. Opened by hand, the table that its proof reads can be locked: the server surely dies in its middle.
        await OpenAsync(checkpoint);
        string job;
        await using (var session = await site.OpenAsync(checkpoint))
        {
            await using var transaction = await session.BeginTransactionAsync(Token);
            await using var command = new Npgsql.NpgsqlCommand(
                "lock table ir_attachment in access exclusive mode",
                session,
                transaction
            );
            await command.ExecuteNonQueryAsync(Token);
            job = await site.OrderAsync(
                $"/api/tenants/{WholeSite.Database}/restore",
                new RestoreTenant("checkpoint", AcceptLoss: 0, AcceptWhatLeft: true)
            );
            await Eventually.IsTrueAsync(
                async () =>
                    await site.ScalarAsync(
                        SitePostgres.Maintenance,
                        "select count(*) from pg_stat_activity where datname = $1 and wait_event_type = 'Lock' and query like '%ir_attachment%'",
                        checkpoint
                    )
                        is not "0",
                "the proof waits"
            );
            await site.KillAsync(SiteProcesses.ControlPlane);
            await transaction.RollbackAsync(Token);
        }

        Npgsql.NpgsqlConnection.ClearAllPools();
        await site.UpAgainAsync();

        var restored = await site.DoneAsync(job);
        var view = await site.EndAsync(restored.GetProperty("rollout").GetString()!);
        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        Assert.Equal(
            before,
            await site.ScalarAsync("tidegate", $"select release from tenant where name = '{WholeSite.Database}'")
        );
        Assert.Equal(
            "0",
            await site.ScalarAsync(
                SitePostgres.Maintenance,
                "select count(*) from pg_database where datname like 'shop-oslo\\_\\_%' and datallowconn"
            )
        );
        await site.DropCheckpointsAsync();
        await Leftovers.AssertNoneAsync(site);
        await NothingIsLeftAsync(job);
    }

    [Fact]
    public async Task Killed_while_a_place_of_the_log_is_recovered_one_neutral_copy_is_kept_and_the_tenant_can_go_there()
    {
        await EnsureBackupAsync();
        var place = (await site.ScalarAsync(SitePostgres.Maintenance, "select pg_current_wal_insert_lsn()::text"))!;
        var job = await site.OrderAsync(
            $"/api/tenants/{WholeSite.Database}/restore",
            new RestoreTenant(place, Into: "oslo-then", AcceptWhatLeft: true)
        );

        await KilledWhileAsync("side", job);
        var kept = await site.DoneAsync(job);

        Assert.Contains("neutralised", kept.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            "0",
            await site.ScalarAsync(
                "oslo-then",
                "select count(*) from ir_mail_server where active and smtp_host <> 'invalid'"
            )
        );
        const string uuid = "select value from ir_config_parameter where key = 'database.uuid'";
        Assert.NotEqual(await site.ScalarAsync(WholeSite.Database, uuid), await site.ScalarAsync("oslo-then", uuid));
        Assert.Equal(
            await site.ScalarAsync("oslo-then", "select count(distinct store_fname) from ir_attachment"),
            Directory
                .EnumerateFiles(site.Layout.RestoredBy(new(job)), "*", SearchOption.AllDirectories)
                .Count()
                .ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
        await NothingIsLeftAsync(job);
        using (var client = site.Client())
        {
            var copy = await site.ScalarAsync("tidegate", "select id from data_copy where database = 'oslo-then'");
            await client.PostAsync<DropCopyRequest, DroppedCopy>($"/api/copies/{copy}/drop", new(null), Token);
        }

        var back = await site.DoneAsync(
            await site.OrderAsync(
                $"/api/tenants/{WholeSite.Database}/restore",
                new RestoreTenant(place, AcceptWhatLeft: true)
            )
        );
        var view = await site.EndAsync(back.GetProperty("rollout").GetString()!);
        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        await site.DropCheckpointsAsync();
    }

    /// <summary>Kills the control plane while a process of the job works, and starts the next one.</summary>
    private async Task KilledWhileAsync(string process, string job)
    {
        var name = $"{process}.{job[^8..]}";
        string? ended = null;
        await Eventually.IsTrueAsync(
            async () =>
            {
                ended = await site.ScalarAsync(
                    "tidegate",
                    $"select outcome || ': ' || coalesce(failure, result::text, '') from job where id = '{job}' and outcome is not null"
                );
                return ended is not null || site.PidOf(name) is not null;
            },
            $"{name} runs"
        );
        Assert.True(ended is null, $"{job} {ended}");
        await site.KillAsync(SiteProcesses.ControlPlane);
        Assert.NotNull(site.PidOf(name)); // in the middle, and orphaned
        await site.UpAgainAsync();
    }

    private async Task EnsureBackupAsync()
    {
        if ((await BackupsAsync()).Count == 0)
        {
            await site.DoneAsync(await site.OrderAsync("/api/backups", new RunBackup("full")));
        }
    }

    private async Task<List<BackupView>> BackupsAsync()
    {
        using var client = site.Client();
        return await client.GetAsync<List<BackupView>>("/api/backups", Token);
    }

    private async Task OpenAsync(string database)
    {
        await using var session = await site.OpenAsync(SitePostgres.Maintenance);
        await using var command = new Npgsql.NpgsqlCommand(
            $"alter database \"{database}\" with allow_connections true",
            session
        );
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task NothingIsLeftAsync(string job)
    {
        Assert.Empty(
            Directory.Exists(site.Layout.WorkFolder) ? Directory.GetFileSystemEntries(site.Layout.WorkFolder) : []
        );
        Assert.False(Directory.Exists(site.Layout.Rehearsals));
        Assert.DoesNotContain(
            site.Site.Status().Processes,
            process => process.Name.EndsWith(job[^8..], StringComparison.Ordinal)
        );
        Assert.DoesNotContain(CommandLines(), IsOfWork);
        Assert.Equal(
            "0",
            await site.ScalarAsync(
                SitePostgres.Maintenance,
                """
                select (select count(*) from pg_database where datname like '%' || $1 || '%')
                     + (select count(*) from pg_roles where rolname like '%' || $1 || '%')
                """,
                job[^8..]
            )
        );
    }

    /// <summary>A process below a job's folder, or a pgbackrest that is not PostgreSQL's archiving.</summary>
    private bool IsOfWork(string commandLine) =>
        commandLine.Contains(site.Layout.WorkFolder, StringComparison.Ordinal)
        || commandLine.Contains(site.Layout.Rehearsals, StringComparison.Ordinal)
        || (
            commandLine.Contains(site.Layout.BackupConfiguration, StringComparison.Ordinal)
            && !commandLine.Contains("archive-", StringComparison.Ordinal)
            && !commandLine.Contains(" info", StringComparison.Ordinal)
        );

    private static IEnumerable<string> CommandLines()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsDigit(path[^1])))
        {
            string text;
            try
            {
                text = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
            }
            catch (IOException)
            {
                continue; // it has ended meanwhile
            }

            yield return text;
        }
    }
}
