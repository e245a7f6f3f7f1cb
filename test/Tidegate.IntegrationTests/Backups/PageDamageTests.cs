using System.Buffers.Binary;
using System.Text;
using Npgsql;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;

namespace Tidegate.IntegrationTests.Backups;

/// <summary>
/// Damage that came into a page before it got its checksum, as bad memory does it: pgBackRest, the checksums and the
/// restored server take it for good. Only reading indexes against their order, tables against their indexes, and rows
/// against the site's finds it.
/// </summary>
public sealed class PageDamageTests(BackedUpSite site) : IClassFixture<BackedUpSite>
{
    private const int PageSize = 8192;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sale_code", 1, "sale_code")] // a leaf: its keys are out of their order
    [InlineData("sale", 0, "sale_code")] // a row: its index has another value of it
    public async Task A_letter_under_a_right_checksum_is_found_and_named(string relation, int page, string named)
    {
        await PrepareAsync();
        await DamageAsync(relation, page);
        Assert.Equal("5000", await site.ScalarAsync("oslo", "select count(*) from sale"));

        var (label, verified) = await VerifyAsync();

        Assert.Equal(JobOutcome.Failed, verified.Outcome);
        Assert.Contains("pg_amcheck found damage", verified.Failure, StringComparison.Ordinal);
        Assert.Contains(named, verified.Failure, StringComparison.Ordinal);
        var bad = (await site.Store.FindAsync(site.Name, label, Token))!;
        Assert.Equal((Rungs.Restored, false, false), (bad.Level, bad.IsGood, bad.IsUsable));
    }

    [Fact]
    public async Task A_letter_that_no_index_knows_is_found_by_comparing_rows_with_the_site()
    {
        await PrepareAsync();
        await site.ExecuteAsync("oslo", "drop index sale_code", "checkpoint");
        var shown = await site.ScalarAsync("oslo", "select code from sale where id = 100"); // in memory it is whole

        await DamageAsync("sale", 0);
        var (label, verified) = await VerifyAsync();

        Assert.Equal("order-000100", shown);
        Assert.Equal("order-000100", await site.ScalarAsync("oslo", "select code from sale where id = 100"));
        Assert.Equal(JobOutcome.Failed, verified.Outcome);
        Assert.Contains(
            "database oslo is not what it was there: table public.sale has other contents in its 5000 rows",
            verified.Failure,
            StringComparison.Ordinal
        );
        var bad = (await site.Store.FindAsync(site.Name, label, Token))!;
        Assert.Equal((Rungs.Checked, false, false), (bad.Level, bad.IsGood, bad.IsUsable));
    }

    [Fact]
    public async Task Rows_are_compared_at_one_place_of_the_log_while_somebody_writes()
    {
        await PrepareAsync();
        await site.ExecuteAsync("oslo", "create unlogged table seen as select 1 as id"); // empty once it is recovered
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writer = WriteAsync(stop.Token);

        var (label, verified) = await VerifyAsync();
        await stop.CancelAsync();

        Assert.True(await writer > 0);
        Assert.True(verified.Outcome is JobOutcome.Done, verified.Failure);
        var good = (await site.Store.FindAsync(site.Name, label, Token))!;
        Assert.Equal((Rungs.Compared, true), (good.Level, good.IsGood));
        Assert.Contains("oslo", good.Evidence!.Compared!);
    }

    [Fact]
    public async Task Where_somebody_has_a_change_open_all_the_time_nothing_is_compared_and_it_says_so()
    {
        await PrepareAsync();
        await using var open = await OpenAsync();
        await using var change = await open.BeginTransactionAsync(Token);
        await ScalarAsync(open, "insert into sale values (0, 'never committed') returning id");

        var (label, verified) = await VerifyAsync();

        Assert.True(verified.Outcome is JobOutcome.Done, verified.Failure);
        var good = (await site.Store.FindAsync(site.Name, label, Token))!;
        Assert.Equal((Rungs.Checked, true), (good.Level, good.IsGood));
        Assert.Null(good.Evidence!.Compared);
    }

    private async Task PrepareAsync()
    {
        await site.ExecuteAsync("postgres", "drop database if exists oslo", "create database oslo");
        await site.ExecuteAsync(
            "oslo",
            "alter default privileges grant select on tables to public",
            "create extension pageinspect",
            "create table sale as select g as id, 'order-' || lpad(g::text, 6, '0') as code from generate_series(1, 5000) g",
            "create index sale_code on sale (code)",
            "vacuum (freeze, analyze) sale", // or a hint that is set later would bring the whole page into the log
            "checkpoint"
        );
    }

    /// <summary>A full backup, verified.</summary>
    private async Task<(string Label, Job Verified)> VerifyAsync()
    {
        Assert.Equal(JobOutcome.Done, (await site.DoAsync(BackupKinds.Backup, new BackupJob(BackupType.Full))).Outcome);
        var label = (await site.Store.ListAsync(site.Name, 1, Token))[0].Backup.Label;
        return (label, await site.DoAsync(BackupKinds.Verify, new VerifyBackupJob(label)));
    }

    /// <summary>Changes a row fifty times a second until told to stop; how often.</summary>
    private async Task<int> WriteAsync(CancellationToken stop)
    {
        await using var session = await OpenAsync();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var count = 0;
        while (!stop.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync(Token);
            await ScalarAsync(session, "update sale set code = code || 'x' where id = $1", (count % 5000) + 1);
            count++;
        }

        return count;
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var session = new NpgsqlConnection(site.Home.Layout.Cluster.ConnectionString("oslo", SitePostgres.Superuser));
        await session.OpenAsync(Token);
        return session;
    }

    /// <summary>Changes one letter of a page on the disk and gives the page the checksum that it has then.</summary>
    private async Task DamageAsync(string relation, int number)
    {
        await using var session = await OpenAsync();
        var page = (byte[])(await ScalarAsync(session, "select get_raw_page($1, $2)", relation, number))!;
        var letter = page.AsSpan().IndexOf(Encoding.ASCII.GetBytes("order-000100"));
        Assert.InRange(letter, 1, PageSize);
        page[letter] = (byte)'z';
        var checksum = (short)(await ScalarAsync(session, "select page_checksum($1, $2)", page, number))!;
        BinaryPrimitives.WriteInt16LittleEndian(page.AsSpan(8), checksum);

        var path = (string)(await ScalarAsync(session, "select pg_relation_filepath($1::text::regclass)", relation))!;
        var data = (string)(await ScalarAsync(session, "show data_directory"))!;
        await using var file = new FileStream(Path.Join(data, path), FileMode.Open, FileAccess.Write);
        file.Position = number * PageSize;
        await file.WriteAsync(page, Token);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection session, string query, params object[] values)
    {
        await using var command = new NpgsqlCommand(query, session);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync(Token);
    }
}
