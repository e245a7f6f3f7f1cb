using Npgsql;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.IntegrationTests.Backups;

/// <summary>Which backups of a real repository go, and that nobody but our own run lets one go.</summary>
public sealed class RetentionTests(BackedUpSite site) : IClassFixture<BackedUpSite>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_made_by_hand_removes_none_and_ours_keeps_what_git_says_and_the_newest_good_one()
    {
        var proven = await site.BackUpAsync();
        var second = await site.BackUpAsync();
        var third = await site.BackUpAsync();
        Assert.Equal([proven, second, third], await LabelsAsync());
        await site.Watch.LookAsync(site.Name, Token);
        await site.Store.RecordAsync(
            site.Name,
            proven,
            Rungs.Checked,
            finding: null,
            new(),
            TimeProvider.System.GetUtcNow(),
            Token
        );
        await SayInGitAsync(fullsKept: 1);

        var fourth = await MakeAsync();

        Assert.Equal([proven, fourth], await LabelsAsync());
        await site.Watch.LookAsync(site.Name, Token);
        var archive = (await site.Store.FactsAsync(site.Name, Token)).Archive!;
        Assert.Null(archive.Gap); // from the proven one to now
        Assert.Equal(
            (await site.Store.FindAsync(site.Name, proven, Token))!.Backup.StartSegment.ToString(),
            archive.CompleteFrom
        );
        Assert.Equal(JobOutcome.Done, (await site.DoAsync(BackupKinds.Verify, new VerifyBackupJob(fourth))).Outcome);

        await SayInGitAsync(fullsKept: 2);
        var fifth = await MakeAsync();

        Assert.Equal([fourth, fifth], await LabelsAsync()); // the newest good one is another by now
    }

    private async Task<string> MakeAsync()
    {
        var job = await site.DoAsync(BackupKinds.Backup, new BackupJob(BackupType.Full));
        Assert.True(job.Outcome is JobOutcome.Done, job.Failure);
        return ControlPlane.Storage.StoredJson.Read<BackupResult>(job.Result!).Label;
    }

    private async Task<IEnumerable<string>> LabelsAsync() =>
        (await site.Repository.ListAsync(Token)).Select(backup => backup.Label);

    private async Task SayInGitAsync(int fullsKept)
    {
        await using var connection = new NpgsqlConnection(site.Control);
        await connection.OpenAsync(Token);
        await BackupTermsStore.ReplaceAsync(
            connection,
            [new(site.Name, new(TimeSpan.FromDays(7)) { FullsKept = fullsKept }, Tenants: null)],
            Token
        );
    }
}
