using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.TenantBackups;

namespace Tidegate.IntegrationTests.TenantBackups;

/// <summary>What a test says of tenants' backups.</summary>
internal sealed class TenantBackupScript
{
    /// <summary>Files that a tenant's own filestore lacks.</summary>
    public Dictionary<string, SourceFault> Faults { get; } = [];

    /// <summary>What a verification finds, whichever backup it is of.</summary>
    public List<string> Findings { get; } = [];
}

/// <summary>Takes backups into the control database alone.</summary>
internal sealed class ScriptedTake(TenantBackupStore store, TenantBackupScript script)
    : JobHandler<TakeTenantBackup, TenantBackupTaken>(TenantBackupJobs.Take)
{
    protected override async Task<TenantBackupTaken> RunAsync(
        TakeTenantBackup job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        SourceFault[] faults = script.Faults.TryGetValue(job.Tenant.Value, out var fault) ? [fault] : [];
        var id = TenantBackupId.Of(claimed.Id);
        await store.AddAsync(
            claimed,
            new(
                id,
                job.Tenant,
                claimed.Site,
                claimed.Id,
                job.Kept,
                job.KeepUntil,
                new(2026, 11, 26, 6, 10, 0, TimeSpan.Zero),
                "2026.11.1",
                BackupKeys.Manifest(claimed.Site, job.Tenant, id).Value,
                new string('a', 64),
                IsEncrypted: true,
                DatabaseBytes: 50_000_000,
                DumpBytes: 8_000_000,
                Files: 12,
                FileBytes: 2_500_000,
                NewBytes: 900_001,
                faults.Length,
                Verification: null,
                ExpiredAt: null
            ),
            cancellationToken
        );
        return new(id, 50_000_000, 8_000_000, 12, 2_500_000, 3, 900_001, [.. faults], 1.5);
    }

    protected override Task CleanUpAsync(
        TakeTenantBackup job,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;
}

/// <summary>Finds what the test says.</summary>
internal sealed class ScriptedVerify(TenantBackupStore store, TenantBackupScript script)
    : JobHandler<VerifyTenantBackup, TenantBackupVerified>(TenantBackupJobs.Verify)
{
    protected override async Task<TenantBackupVerified> RunAsync(
        VerifyTenantBackup job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var isGood = script.Findings.Count == 0;
        await store.VerifiedAsync(
            claimed,
            (await store.FindAsync(job.Backup, cancellationToken))!,
            isGood,
            isGood ? "every object is as it was stored" : script.Findings[0],
            [],
            cancellationToken
        );
        return new(job.Backup, isGood, [.. script.Findings], 12, 140, 2.5);
    }

    protected override Task CleanUpAsync(
        VerifyTenantBackup job,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;
}

/// <summary>Lets every backup of a tenant go.</summary>
internal sealed class ScriptedExpire(TenantBackupStore store)
    : JobHandler<ExpireTenantBackups, TenantBackupsExpired>(TenantBackupJobs.Expire)
{
    protected override async Task<TenantBackupsExpired> RunAsync(
        ExpireTenantBackups job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var backups = await store.OfTenantAsync(job.Tenant, claimed.Site, cancellationToken);
        await store.ExpireAsync(claimed, backups.Select(backup => backup.Id), cancellationToken);
        return new([.. backups.Select(backup => backup.Id)], 13, 10_500_000, 0);
    }

    protected override Task CleanUpAsync(
        ExpireTenantBackups job,
        ClaimedJob claimed,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;
}
